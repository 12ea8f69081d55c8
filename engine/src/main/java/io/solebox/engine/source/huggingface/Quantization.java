package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.huggingface.QuantizationFields.Method;
import io.solebox.engine.source.safetensors.Dtype;
import io.solebox.engine.source.safetensors.Safetensors;
import io.solebox.engine.source.safetensors.StoredTensor;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Reads weights that are stored as codes and scales, in several tensors each: GPTQ, AWQ,
 * compressed-tensors, FP8 and MXFP4. They become what the engine computes with, with the same
 * values where there is a format that holds them; notes say which.
 */
final class Quantization {
  private static final String REMEDY = "Download all files of the model again, from one place.";

  /** What is about activations or the cache, which are not rounded here. */
  private static final String UNUSED =
      ".*\\.(input_scale|activation_scale|output_scale|[kvq]_scale|input_zero_point)";

  private final Safetensors file;
  private final Config config;
  private final Method method;
  private final CodesAs codes;
  private final Set<String> parts = new HashSet<>();
  private final Map<String, Integer> changes = new TreeMap<>();
  private int unused;
  private boolean hasCodes;

  private Quantization(Safetensors file, Config config, Method method, CodesAs codes) {
    this.file = file;
    this.config = config;
    this.method = method;
    this.codes = codes;
  }

  /**
   * @param config of the whole model, and {@code text} that of its part that reads text
   * @throws SoleboxException as {@link QuantizationFields#read}
   */
  static Quantization of(Config config, Config text, Safetensors file, CodesAs codes) {
    Optional<Config> found =
        config
            .object("quantization_config")
            .or(() -> text.object("quantization_config"))
            .or(() -> config.object("compression_config"));
    Config own = found.orElseGet(() -> Config.absent(file.files().getFirst()));
    return new Quantization(file, own, QuantizationFields.read(own), codes);
  }

  static SoleboxException bad(String place, String message) {
    return new SoleboxException(ErrorCode.BAD_MODEL_FILE, place, message, REMEDY);
  }

  /** Enters all tensors of the file. */
  void putAll(TensorNames names) {
    List<StoredTensor> plain = new ArrayList<>();
    for (StoredTensor tensor : file.tensors()) {
      Optional<Rows> whole = quantized(tensor);
      if (whole.isPresent()) {
        names.put(wholeName(tensor.name()), whole, "");
      } else {
        plain.add(tensor);
      }
    }
    for (StoredTensor tensor : plain) {
      if (tensor.name().matches(UNUSED)) {
        unused++;
      } else if (!parts.contains(tensor.name())) {
        names.put(tensor.name(), Parameters.plain(file, tensor), tensor.dtype().name());
      }
    }
  }

  /** The name of the weight that a tensor has the codes of. */
  private static String wholeName(String name) {
    return name.replaceFirst("\\.(qweight|weight_packed)$", ".weight").replaceFirst("_blocks$", "");
  }

  private Optional<Rows> quantized(StoredTensor tensor) {
    String name = tensor.name();
    if (name.endsWith(".qweight")) {
      return Optional.of(new IntegerFormats(this, config).ofColumns(tensor, method == Method.AWQ));
    }
    if (name.endsWith(".weight_packed")) {
      if (tensor.dtype() == Dtype.U8) {
        throw QuantizationFields.unsupported(
            place(tensor),
            "has floats of 4 bits (NVFP4 or MXFP4), which are not read in this form");
      }
      return Optional.of(new IntegerFormats(this, config).packed(tensor));
    }
    if (name.endsWith("_blocks") && tensor.dtype() == Dtype.U8) {
      return Optional.of(mxfp4(tensor));
    }
    return switch (tensor.dtype()) {
      case F8_E4M3 -> name.endsWith("_scale") ? Optional.empty() : Optional.of(fp8(tensor));
      case I8 -> Optional.of(new IntegerFormats(this, config).bytes(tensor));
      case BOOL, F4, F6_E2M3, F6_E3M2, U8, F8_E5M2, F8_E8M0, I16, U16 -> Optional.empty();
      case F16, BF16, F32, I32, U32, C64, F64, I64, U64 -> Optional.empty();
    };
  }

  /** File and tensor, for errors. */
  String place(StoredTensor tensor) {
    return file.place(tensor);
  }

  MemorySegment data(StoredTensor tensor) {
    return file.data(tensor);
  }

  /** A tensor that belongs to another, by its name. */
  Optional<StoredTensor> part(String name) {
    Optional<StoredTensor> found = file.tensor(name);
    found.ifPresent(tensor -> parts.add(tensor.name()));
    return found;
  }

  StoredTensor requiredPart(StoredTensor of, String name) {
    return part(name)
        .orElseThrow(
            () -> bad(place(of), "the tensor %s that belongs to it is missing".formatted(name)));
  }

  /** Numbers of a tensor that has floats. */
  Rows scales(StoredTensor tensor) {
    return Parameters.plain(file, tensor)
        .orElseThrow(() -> bad(place(tensor), "must have floats, has " + tensor.dtype()));
  }

  /** Whether codes become the values that they stand for. */
  boolean keepsValues() {
    return codes == CodesAs.VALUES;
  }

  /** Whether there are codes that GGUF has no format for. */
  boolean hasCodes() {
    return hasCodes;
  }

  /** Remembers what became of a matrix of codes that GGUF has no format for. */
  Rows changed(String from, Rows to, String how) {
    hasCodes = true;
    return entered(from, to, how);
  }

  /** Remembers what became of a matrix, for {@link #notes}. */
  private Rows entered(String from, Rows to, String how) {
    changes.merge("%s: computed as %s, %s.".formatted(from, to.type(), how), 1, Integer::sum);
    return to;
  }

  private Rows mxfp4(StoredTensor blocks) {
    String base = blocks.name().replaceFirst("_blocks$", "");
    StoredTensor scales = requiredPart(blocks, base + "_scales");
    int axes = blocks.shape().size();
    if (axes < 3
        || blocks.shape().getLast() != 16
        || !scales.shape().equals(blocks.shape().subList(0, axes - 1))
        || scales.dtype() != Dtype.U8) {
      throw bad(
          place(blocks),
          "blocks of shape %s and scales of shape %s do not fit together"
              .formatted(blocks.shape(), scales.shape()));
    }
    return entered(
        "MXFP4", Mxfp4Rows.of(blocks, data(blocks), data(scales)), "with the same values");
  }

  private Rows fp8(StoredTensor tensor) {
    StoredTensor scale =
        part(tensor.name() + "_scale_inv")
            .or(() -> part(tensor.name() + "_scale"))
            .orElseThrow(
                () ->
                    bad(
                        place(tensor),
                        "its scales, %s_scale, are missing".formatted(tensor.name())));
    int axes = tensor.shape().size();
    if (axes < 2) {
      throw bad(place(tensor), "a vector of floats of 8 bits is not known");
    }
    long rows = tensor.shape().get(axes - 2);
    long cols = tensor.shape().get(axes - 1);
    int[] block = blocks(tensor, scale, rows, cols);
    var fp8 =
        new Fp8Rows(place(tensor), tensor.shape(), data(tensor), scales(scale), block[0], block[1]);
    return keepsValues()
        ? changed("FP8", fp8.rows(TensorType.F32), "with the same values")
        : changed("FP8", fp8.rows(TensorType.BF16), "each value times its scale, rounded to BF16");
  }

  /**
   * Rows and columns that share a scale, by the shape of the scales: there may be as many blocks as
   * rows.
   */
  private int[] blocks(StoredTensor tensor, StoredTensor scale, long rows, long cols) {
    List<Long> stack = tensor.shape().subList(0, tensor.shape().size() - 2);
    if (scale.elements() == stack.stream().reduce(1L, (a, b) -> a * b)) {
      return new int[] {(int) rows, (int) cols};
    }
    List<?> sizes = config.listOr(List.of(), "weight_block_size");
    List<?> own = sizes.isEmpty() ? structure() : sizes;
    if (own.size() == 2
        && own.get(0) instanceof Long r
        && own.get(1) instanceof Long c
        && r > 0
        && c > 0
        && scale.shape().equals(with(stack, (rows + r - 1) / r, (cols + c - 1) / c))) {
      return new int[] {(int) Math.min(r, rows), (int) Math.min(c, cols)};
    }
    if (scale.shape().equals(with(stack, rows)) || scale.shape().equals(with(stack, rows, 1L))) {
      return new int[] {1, (int) cols};
    }
    throw bad(
        place(tensor),
        "scales of shape %s fit a matrix of shape %s neither by block (%s) nor by row"
            .formatted(scale.shape(), tensor.shape(), own));
  }

  private static List<Long> with(List<Long> sizes, Long... further) {
    return Stream.concat(sizes.stream(), Stream.of(further)).toList();
  }

  /** What compressed-tensors says of blocks, in one of its groups. */
  private List<?> structure() {
    return config.object("config_groups").stream()
        .flatMap(groups -> groups.names().stream().flatMap(g -> groups.object(g).stream()))
        .flatMap(group -> group.object("weights").stream())
        .<List<?>>map(weights -> weights.listOr(List.of(), "block_structure"))
        .filter(list -> !list.isEmpty())
        .findFirst()
        .orElse(List.of());
  }

  List<String> notes() {
    List<String> notes = new ArrayList<>(changed());
    if (unused > 0) {
      notes.add(unused + " scales of activations are not used, since these are not rounded.");
    }
    return notes;
  }

  private List<String> changed() {
    return changes.entrySet().stream()
        .map(
            e -> (e.getValue() == 1 ? "1 matrix in " : e.getValue() + " matrices in ") + e.getKey())
        .toList();
  }
}
