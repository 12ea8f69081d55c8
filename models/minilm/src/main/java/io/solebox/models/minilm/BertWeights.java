package io.solebox.models.minilm;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.gguf.GgufWriter;
import io.solebox.engine.tensor.TensorType;
import io.solebox.models.minilm.OnnxGraph.Node;
import io.solebox.models.minilm.OnnxGraph.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The weights of a BERT in ONNX, under their names and in their layouts of GGUF.
 *
 * <p>PyTorch's exporter keeps the names of embeddings, norms and biases, but turns matrices around
 * and gives them numbers. A matrix is known again by the bias that is added to its product.
 */
final class BertWeights {
  /** Where positions are counted; no weight. */
  private static final String POSITION_IDS = "embeddings.position_ids";

  private static final String LAYER = "encoder.layer.";

  /** PyTorch's names of what is there once. */
  private static final Map<String, String> TOP =
      Map.of(
          "embeddings.word_embeddings", "token_embd",
          "embeddings.position_embeddings", "position_embd",
          "embeddings.token_type_embeddings", "token_types",
          "embeddings.LayerNorm", "token_embd_norm");

  /** The same of what each layer has. */
  private static final Map<String, String> IN_LAYER =
      Map.of(
          "attention.self.query", "attn_q",
          "attention.self.key", "attn_k",
          "attention.self.value", "attn_v",
          "attention.output.dense", "attn_output",
          "attention.output.LayerNorm", "attn_output_norm",
          "intermediate.dense", "ffn_up",
          "output.dense", "ffn_down",
          "output.LayerNorm", "layer_output_norm");

  /** Matrices that readers of GGUF expect in F32: they are added, not multiplied. */
  private static final List<String> ADDED = List.of("position_embd.weight", "token_types.weight");

  /**
   * A weight under GGUF's name.
   *
   * @param isTurned whether the rows of {@code tensor} are the columns of the matrix
   */
  private record Found(Tensor tensor, boolean isTurned) {}

  private final String place;
  private final Map<String, Found> found = new TreeMap<>();

  /**
   * @param place for errors
   * @throws SoleboxException {@code BAD_MODEL_FILE} naming tensors that are of no known use, or are
   *     missing
   */
  BertWeights(String place, OnnxGraph graph) {
    this.place = place;
    var unused = new TreeSet<>(graph.initializers().keySet());
    unused.remove(POSITION_IDS);
    for (Tensor tensor : graph.initializers().values()) {
      Optional<String> matrix = matrixName(graph, tensor.name());
      Optional<String> name = ggufName(matrix.orElse(tensor.name()));
      if (name.isPresent() && tensor.dataType() == OnnxGraph.FLOAT) {
        if (found.put(name.get(), new Found(tensor, matrix.isPresent())) != null) {
          throw bad("Two tensors are the weight " + name.get() + ".");
        }
        unused.remove(tensor.name());
      }
    }
    if (!unused.isEmpty()) {
      throw bad("These tensors have no place in a BERT: " + String.join(", ", unused) + ".");
    }
    requireAll();
  }

  /** Named as PyTorch had it: by the bias that is added to the matrix's product. */
  private static Optional<String> matrixName(OnnxGraph graph, String initializer) {
    return graph.nodes().stream()
        .filter(node -> node.type().equals("MatMul") && node.inputs().getLast().equals(initializer))
        .flatMap(product -> addedTo(graph, product.outputs().getFirst()).stream())
        .map(bias -> bias.replaceFirst("\\.bias$", ".weight"))
        .findFirst();
  }

  private static Optional<String> addedTo(OnnxGraph graph, String value) {
    return graph.nodes().stream()
        .filter(node -> node.type().equals("Add") && node.inputs().contains(value))
        .map(Node::inputs)
        .flatMap(List::stream)
        .filter(graph.initializers()::containsKey)
        .findFirst();
  }

  /** Of a PyTorch name with {@code .weight} or {@code .bias} behind it. */
  private static Optional<String> ggufName(String name) {
    int dot = name.lastIndexOf('.');
    if (dot < 0) {
      return Optional.empty();
    }
    String module = name.substring(0, dot);
    String ending = name.substring(dot);
    if (!module.startsWith(LAYER)) {
      return Optional.ofNullable(TOP.get(module)).map(own -> own + ending);
    }
    String[] parts = module.substring(LAYER.length()).split("\\.", 2);
    return Optional.ofNullable(parts.length == 2 ? IN_LAYER.get(parts[1]) : null)
        .map(own -> "blk." + parts[0] + "." + own + ending);
  }

  private void requireAll() {
    var missing = new TreeSet<String>();
    TOP.values().forEach(own -> missing.add(own + ".weight"));
    missing.add("token_embd_norm.bias");
    for (int layer = 0; layer < layers(); layer++) {
      for (String own : IN_LAYER.values()) {
        missing.add("blk." + layer + "." + own + ".weight");
        missing.add("blk." + layer + "." + own + ".bias");
      }
    }
    missing.removeAll(found.keySet());
    if (!missing.isEmpty()) {
      throw bad("These weights are missing: " + String.join(", ", missing) + ".");
    }
  }

  int layers() {
    return (int) found.keySet().stream().filter(name -> name.endsWith(".attn_q.weight")).count();
  }

  /** V. */
  int vocabulary() {
    return size("token_embd.weight", 0);
  }

  /** E. */
  int width() {
    return size("token_embd.weight", 1);
  }

  /** F. */
  int ffnWidth() {
    return size("blk.0.ffn_up.bias", 0);
  }

  /** Positions that are learned. */
  int positions() {
    return size("position_embd.weight", 0);
  }

  private int size(String name, int axis) {
    return Math.toIntExact(found.get(name).tensor().shape().get(axis));
  }

  /** Adds all of them: matrices in F16, what is added or norms in F32. */
  void writeTo(GgufWriter writer) {
    found.forEach(
        (name, weight) -> {
          List<Long> shape = weight.tensor().shape();
          // GGUF counts axes from the contiguous one.
          List<Long> sizes = weight.isTurned() ? shape : shape.reversed();
          boolean half = shape.size() == 2 && !ADDED.contains(name);
          ByteBuffer floats = weight.isTurned() ? turned(weight.tensor()) : weight.tensor().data();
          ByteBuffer data = half ? halved(floats) : floats;
          TensorType type = half ? TensorType.F16 : TensorType.F32;
          writer.tensor(
              name,
              type,
              sizes,
              out -> {
                for (ByteBuffer rest = data.duplicate(); rest.hasRemaining(); ) {
                  out.write(rest);
                }
              });
        });
  }

  private static ByteBuffer turned(Tensor tensor) {
    int rows = Math.toIntExact(tensor.shape().getFirst());
    int cols = Math.toIntExact(tensor.shape().getLast());
    ByteBuffer from = tensor.data();
    ByteBuffer to = little(Float.BYTES * rows * cols);
    for (int c = 0; c < cols; c++) {
      for (int r = 0; r < rows; r++) {
        to.putFloat(from.getFloat(Float.BYTES * (r * cols + c)));
      }
    }
    return to.flip();
  }

  /** To the nearest F16, ties to even. */
  private static ByteBuffer halved(ByteBuffer floats) {
    int n = floats.remaining() / Float.BYTES;
    ByteBuffer to = little(Short.BYTES * n);
    for (int i = 0; i < n; i++) {
      to.putShort(Float.floatToFloat16(floats.getFloat(Float.BYTES * i)));
    }
    return to.flip();
  }

  private static ByteBuffer little(int bytes) {
    return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }

  private SoleboxException bad(String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place,
        message,
        "Fetch the artifact again; a new version of it may need a new reader.");
  }
}
