package io.solebox.engine.model.adapter;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Weight;
import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.safetensors.Dtype;
import io.solebox.engine.source.safetensors.Safetensors;
import io.solebox.engine.source.safetensors.StoredTensor;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntUnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An adapter as PEFT saves it: a folder with {@code adapter_config.json} and {@code
 * adapter_model.safetensors}, in the words of transformers.
 */
final class PeftLora implements LoraFile {
  static final String WEIGHTS = "adapter_model.safetensors";
  private static final String OLD_WEIGHTS = "adapter_model.bin";
  private static final String PREFIX = "base_model.model.";
  private static final Pattern HALF = Pattern.compile("(.+)\\.lora_([AB])(?:\\.default)?\\.weight");

  private static final Map<Dtype, TensorType> TYPES =
      Map.of(Dtype.F32, TensorType.F32, Dtype.F16, TensorType.F16, Dtype.BF16, TensorType.BF16);

  private final PeftConfig config;
  private final PeftNames names;
  private final Safetensors file;
  private final List<Pair> pairs = new ArrayList<>();

  private PeftLora(PeftConfig config, PeftNames names, Safetensors file) {
    this.config = config;
    this.names = names;
    this.file = file;
    List<String> strange = new ArrayList<>();
    for (StoredTensor tensor : file.tensors()) {
      Matcher half = half(tensor);
      if (half.group(2).equals("A")) {
        add(tensor, half.group(1), strange);
      } else {
        other(tensor, half.group(1), "A");
      }
    }
    if (!strange.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          file.place(),
          "It changes modules that are not known to models of the architecture %s: %s."
              .formatted(names.architecture(), Fit.names(strange)),
          "Convert it with convert_lora_to_gguf.py of llama.cpp, if that knows them.");
    }
  }

  /** Whether a path names an adapter of PEFT: its folder, or a file of it. */
  static boolean isPeft(Path path) {
    return Files.isRegularFile(folder(path).resolve(PeftConfig.NAME));
  }

  private static Path folder(Path path) {
    boolean isPart = path.endsWith(PeftConfig.NAME) || path.endsWith(WEIGHTS);
    return isPart ? path.toAbsolutePath().getParent() : path;
  }

  /**
   * @param base the model that it is to change
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE}; {@code
   *     UNSUPPORTED_MODEL} for what is not a LoRA that can be computed, or of an architecture of
   *     which it is not known how its matrices stand in GGUF
   */
  static PeftLora open(Path path, Metadata base, ModelSource.Access access) {
    Path folder = folder(path);
    PeftConfig config = PeftConfig.read(folder.resolve(PeftConfig.NAME));
    PeftNames names = new PeftNames(base);
    if (!names.isKnown()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          folder.toString(),
          "Adapters of PEFT are not known for models of the architecture %s."
              .formatted(names.architecture()),
          "Convert it with convert_lora_to_gguf.py of llama.cpp.");
    }
    Path weights = folder.resolve(WEIGHTS);
    if (!Files.exists(weights) && Files.exists(folder.resolve(OLD_WEIGHTS))) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          folder.resolve(OLD_WEIGHTS).toString(),
          "This is a PyTorch file (pickle), which can run programs and is never opened here.",
          "Save the adapter as safetensors, or convert it to GGUF.");
    }
    Safetensors file = Safetensors.open(weights, access);
    try {
      return new PeftLora(config, names, file);
    } catch (RuntimeException | Error e) {
      file.close();
      throw e;
    }
  }

  private Matcher half(StoredTensor tensor) {
    Matcher half = HALF.matcher(tensor.name());
    if (half.matches()) {
      return half;
    }
    String what = "is no part of a low-rank change of a matrix";
    if (tensor.name().contains("lora_magnitude_vector")) {
      what = "scales the columns of the model's own weights (DoRA)";
    } else if (tensor.name().contains("lora_embedding_")) {
      what = "changes an embedding";
    }
    throw new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        file.place(tensor),
        "It " + what + ", and would be left out.",
        "Use an adapter that changes matrices alone, or a model that has it merged in.");
  }

  private void add(StoredTensor a, String prefixed, List<String> strange) {
    StoredTensor b = other(a, prefixed, "B");
    String module = prefixed.startsWith(PREFIX) ? prefixed.substring(PREFIX.length()) : prefixed;
    Weight weightA = weight(a);
    Weight weightB = weight(b);
    Optional<PeftNames.Target> target = names.find(module, weightB.rows());
    if (target.isEmpty()) {
      strange.add(module);
      return;
    }
    if (config.rankOf(module) != weightA.rows()) {
      throw bad(
          a,
          "has a rank of %d, and adapter_config.json says %d",
          weightA.rows(),
          config.rankOf(module));
    }
    float scale = config.scale(module, weightA.rows());
    Weight moved = reordered(weightB, target.get().source());
    pairs.add(new Pair(target.get().tensor(), weightA, moved, scale));
  }

  private StoredTensor other(StoredTensor tensor, String module, String half) {
    String start = module + ".lora_" + half;
    return file.tensor(start + ".weight")
        .or(() -> file.tensor(start + ".default.weight"))
        .orElseThrow(() -> bad(tensor, "has no lora_%s beside it", half));
  }

  private Weight weight(StoredTensor tensor) {
    if (tensor.shape().size() != 2 || tensor.elements() == 0) {
      throw bad(tensor, "has the shape %s, and a matrix has two sizes", tensor.shape());
    }
    TensorType type =
        Optional.ofNullable(TYPES.get(tensor.dtype()))
            .orElseThrow(
                () -> bad(tensor, "has elements of %s, not F32, F16 or BF16", tensor.dtype()));
    int rows = size(tensor, 0);
    int cols = size(tensor, 1);
    return new Weight(tensor.name(), rows, cols, type, file.data(tensor));
  }

  private int size(StoredTensor tensor, int axis) {
    long size = tensor.shape().get(axis);
    if (size != (int) size) {
      throw bad(tensor, "has the shape %s", tensor.shape());
    }
    return (int) size;
  }

  /** In memory of its own, where rows move. */
  private static Weight reordered(Weight weight, IntUnaryOperator source) {
    boolean moves = false;
    for (int row = 0; row < weight.rows(); row++) {
      moves |= source.applyAsInt(row) != row;
    }
    if (!moves) {
      return weight;
    }
    MemorySegment moved = Arena.ofAuto().allocate(weight.bytes(), Float.BYTES);
    for (int row = 0; row < weight.rows(); row++) {
      weight.copyRows(source.applyAsInt(row), 1, moved.asSlice(row * weight.rowBytes()));
    }
    return new Weight(weight.name(), weight.rows(), weight.cols(), weight.type(), moved);
  }

  private SoleboxException bad(StoredTensor tensor, String what, Object... values) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        file.place(tensor),
        "the tensor " + what.formatted(values),
        "Download the adapter again, all files of it from one place.");
  }

  @Override
  public String place() {
    return file.place();
  }

  @Override
  public Optional<String> architecture() {
    return Optional.empty();
  }

  @Override
  public Optional<String> madeFor() {
    return config.madeFor().map(Printable::name);
  }

  @Override
  public List<Pair> pairs() {
    return List.copyOf(pairs);
  }

  @Override
  public List<String> notes() {
    return List.of();
  }

  @Override
  public long fileBytes() {
    return file.fileBytes();
  }

  @Override
  public void checkUnchanged() {
    file.checkUnchanged();
  }

  @Override
  public void close() {
    file.close();
  }
}
