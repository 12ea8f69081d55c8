package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.huggingface.IntegerCodes.Groups;
import io.solebox.engine.source.safetensors.Dtype;
import io.solebox.engine.source.safetensors.StoredTensor;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * GPTQ (arXiv:2210.17323), AWQ (arXiv:2306.00978) and the whole numbers of compressed-tensors, as
 * their libraries store them.
 */
final class IntegerFormats {
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final List<Integer> WIDTHS = List.of(2, 4, 8);

  private final Quantization parts;
  private final Config config;

  IntegerFormats(Quantization parts, Config config) {
    this.parts = parts;
    this.config = config;
  }

  /**
   * Matrices that are stored by column: {@code qweight} and {@code qzeros} are packed along the
   * inputs and outputs in GPTQ, both along the outputs in AWQ.
   */
  Rows ofColumns(StoredTensor qweight, boolean awq) {
    String base = qweight.name().substring(0, qweight.name().length() - "qweight".length());
    StoredTensor scales = parts.requiredPart(qweight, base + "scales");
    StoredTensor qzeros = parts.requiredPart(qweight, base + "qzeros");
    int bits = bits(awq);
    int each = 32 / bits;
    requireWords(qweight, 2);
    requireWords(qzeros, 2);
    int cols = Math.toIntExact(qweight.shape().get(0) * (awq ? 1 : each));
    int rows = Math.toIntExact(qweight.shape().get(1) * (awq ? each : 1));
    Groups groups = groups(qweight, cols, parts.part(base + "g_idx"));
    int count = groupCount(groups, cols);
    requireShape(scales, count, rows);
    requireShape(qzeros, count, rows / each);
    var codes = PackedInts.of(qweight, parts.data(qweight), bits);
    var zeros = PackedInts.of(qzeros, parts.data(qzeros), bits);
    Rows scale = parts.scales(scales);
    boolean symmetric = !awq && config.flagOr(false, "sym");
    int added = awq ? 0 : zeroOffset();
    var integers =
        new IntegerCodes(
            parts.place(qweight),
            rows,
            cols,
            bits,
            awq
                ? (row, n, into) -> codes.unpackColumnsAwq(row, n, cols, into)
                : (row, n, into) -> codes.unpackColumns(row, n, cols, into),
            byColumn(scale, rows),
            awq ? (row, g) -> zeros.alongAwq(g, row) : (row, g) -> zeros.along(g, row) + added,
            symmetric,
            groups);
    return changed(awq ? "AWQ" : "GPTQ", integers, scales);
  }

  /** Rows that are packed along the inputs, as compressed-tensors has them. */
  Rows packed(StoredTensor packed) {
    String base = packed.name().substring(0, packed.name().length() - "_packed".length());
    StoredTensor scales = parts.requiredPart(packed, base + "_scale");
    StoredTensor shape = parts.requiredPart(packed, base + "_shape");
    requireWords(packed, 2);
    int rows = Math.toIntExact(packed.shape().getFirst());
    int cols = columns(shape, rows);
    int bits =
        Math.toIntExact(
            32 / Math.max(1, (cols + packed.shape().get(1) - 1) / packed.shape().get(1)));
    if (!WIDTHS.contains(bits) || packed.shape().get(1) != (cols + 32 / bits - 1) / (32 / bits)) {
      throw Quantization.bad(
          parts.place(packed),
          "a shape of %s does not hold %d columns".formatted(packed.shape(), cols));
    }
    int count = groupsOf(scales, rows, cols);
    Groups groups =
        apart(packed, parts.part(base + "_g_idx"), cols, count)
            .orElseGet(() -> Groups.sideBySide(cols / count));
    var codes = PackedInts.of(packed, parts.data(packed), bits);
    Optional<PackedInts> zeros =
        parts
            .part(base + "_zero_point")
            .map(zero -> PackedInts.of(words(zero, rows, count, bits), parts.data(zero), bits));
    var integers =
        new IntegerCodes(
            parts.place(packed),
            rows,
            cols,
            bits,
            (row, n, into) -> codes.unpackAlong(row, n, cols, into),
            byRow(parts.scales(scales), count),
            zeros.<IntegerCodes.Zeros>map(z -> z::down).orElseGet(() -> (_, _) -> 1 << bits - 1),
            zeros.isEmpty(),
            groups);
    return changed("compressed-tensors", integers, scales);
  }

  /** Whole numbers of 8 bits, one in each byte. */
  Rows bytes(StoredTensor tensor) {
    StoredTensor scales = parts.requiredPart(tensor, tensor.name() + "_scale");
    Optional<StoredTensor> zero = parts.part(tensor.name() + "_zero_point");
    if (zero.isPresent()) {
      throw config.unsupported("config_groups", "gives whole numbers of 8 bits a zero point");
    }
    if (tensor.shape().size() != 2) {
      throw Quantization.bad(parts.place(tensor), "must be a matrix, is " + tensor.shape());
    }
    int rows = Math.toIntExact(tensor.shape().get(0));
    int cols = Math.toIntExact(tensor.shape().get(1));
    int count = groupsOf(scales, rows, cols);
    MemorySegment data = parts.data(tensor);
    var integers =
        new IntegerCodes(
            parts.place(tensor),
            rows,
            cols,
            8,
            (row, n, into) -> {
              MemorySegment.copy(data, ValueLayout.JAVA_BYTE, (long) row * cols, into, 0, n * cols);
              for (int i = 0; i < n * cols; i++) {
                into[i] ^= (byte) 0x80; // counted from -128
              }
            },
            byRow(parts.scales(scales), count),
            (_, _) -> 128,
            true,
            Groups.sideBySide(cols / count));
    return changed("compressed-tensors", integers, scales);
  }

  private Rows changed(String name, IntegerCodes codes, StoredTensor scales) {
    TensorType floats = scales.dtype() == Dtype.F16 ? TensorType.F16 : TensorType.BF16;
    if (parts.keepsValues()) {
      return parts.changed(
          "%s of %d bits".formatted(name, codes.bits()), codes.values(), "with the same values");
    }
    Rows rows = codes.rows(floats);
    String how =
        !rows.type().isQuantized()
            ? "rounded, since the groups of its columns are no blocks"
            : scales.dtype() == Dtype.F16 ? "with the same values" : "with scales of 16 bits";
    return parts.changed("%s of %d bits".formatted(name, codes.bits()), rows, how);
  }

  private int bits(boolean awq) {
    String version = config.textOr("gemm", "version", "checkpoint_format", "format");
    if (awq && !version.toLowerCase(Locale.ROOT).equals("gemm")) {
      throw QuantizationFields.unsupported(
          config.place("version"),
          "is %s, a way to pack AWQ that is not known; gemm is".formatted(Printable.name(version)));
    }
    int bits = config.countOr(4, "bits", "w_bit");
    List<Integer> known = awq ? List.of(4) : WIDTHS;
    if (!known.contains(bits)) {
      throw QuantizationFields.unsupported(
          config.place("bits"), "is %d; known are %s".formatted(bits, known));
    }
    return bits;
  }

  /** The first version stores zeros less 1. */
  private int zeroOffset() {
    String format = config.textOr("gptq", "checkpoint_format", "format");
    return switch (format) {
      case "gptq" -> 1;
      case "gptq_v2" -> 0;
      default ->
          throw QuantizationFields.unsupported(
              config.place("checkpoint_format"),
              "is %s, a way to pack GPTQ that is not known; gptq and gptq_v2 are"
                  .formatted(Printable.name(format)));
    };
  }

  /** Groups side by side, as configured, or each column's own where it is said. */
  private Groups groups(StoredTensor tensor, int cols, Optional<StoredTensor> index) {
    Object size = config.find("group_size", "q_group_size").orElse(-1L);
    int columns = size instanceof Long l && l > 0 && l <= cols ? l.intValue() : cols;
    if (cols % columns != 0) {
      throw Quantization.bad(
          parts.place(tensor),
          "groups of %d do not divide its %d columns".formatted(columns, cols));
    }
    return apart(tensor, index, cols, cols / columns).orElseGet(() -> Groups.sideBySide(columns));
  }

  /** The group of each column; empty where they lie side by side. */
  private Optional<Groups> apart(
      StoredTensor tensor, Optional<StoredTensor> index, int cols, int count) {
    if (index.isEmpty()) {
      return Optional.empty();
    }
    StoredTensor stored = index.get();
    if (stored.dtype() != Dtype.I32 || stored.elements() != cols) {
      throw Quantization.bad(parts.place(stored), "must have a group for each column");
    }
    int[] byColumn = parts.data(stored).toArray(INT);
    boolean sideBySide = true;
    for (int c = 0; c < cols; c++) {
      if (byColumn[c] < 0 || byColumn[c] >= count) {
        throw Quantization.bad(
            parts.place(stored), "names group %d of %d".formatted(byColumn[c], count));
      }
      sideBySide &= byColumn[c] == c / (cols / count);
    }
    return sideBySide ? Optional.empty() : Optional.of(new Groups(cols / count, byColumn));
  }

  private static int groupCount(Groups groups, int cols) {
    return cols / groups.size();
  }

  /** Groups of each row, by the shape of the scales. */
  private int groupsOf(StoredTensor scales, int rows, int cols) {
    long count = scales.elements() / Math.max(1, rows);
    boolean perTensor = scales.elements() == 1 && rows > 1;
    if (perTensor) {
      return 1;
    }
    if (count < 1 || count * rows != scales.elements() || cols % count != 0) {
      throw Quantization.bad(
          parts.place(scales),
          "scales of shape %s do not divide a matrix of %d rows and %d columns"
              .formatted(scales.shape(), rows, cols));
    }
    return Math.toIntExact(count);
  }

  private int columns(StoredTensor shape, int rows) {
    MemorySegment data = parts.data(shape);
    boolean known =
        shape.elements() == 2 && (shape.dtype() == Dtype.I64 || shape.dtype() == Dtype.I32);
    long first =
        !known
            ? 0
            : shape.dtype() == Dtype.I64
                ? data.get(ValueLayout.JAVA_LONG_UNALIGNED, 0)
                : data.get(INT, 0);
    long second =
        !known
            ? 0
            : shape.dtype() == Dtype.I64
                ? data.get(ValueLayout.JAVA_LONG_UNALIGNED, 8)
                : data.get(INT, 4);
    if (first != rows || second < 1 || second > Integer.MAX_VALUE) {
      throw Quantization.bad(
          parts.place(shape), "says %d x %d of a matrix of %d rows".formatted(first, second, rows));
    }
    return (int) second;
  }

  private StoredTensor words(StoredTensor zero, int rows, int count, int bits) {
    int each = 32 / bits;
    requireWords(zero, 2);
    requireShape(zero, (rows + each - 1) / each, count);
    return zero;
  }

  private void requireWords(StoredTensor tensor, int axes) {
    if (tensor.dtype() != Dtype.I32 || tensor.shape().size() != axes || tensor.elements() == 0) {
      throw Quantization.bad(
          parts.place(tensor),
          "must be a matrix of words of 32 bits, is %s %s"
              .formatted(tensor.dtype(), tensor.shape()));
    }
  }

  private void requireShape(StoredTensor tensor, long first, long second) {
    if (!tensor.shape().equals(List.of(first, second))) {
      throw shapeError(tensor, first, second);
    }
  }

  private SoleboxException shapeError(StoredTensor tensor, long first, long second) {
    return Quantization.bad(
        parts.place(tensor),
        "has the shape %s where the groups ask for [%d, %d]"
            .formatted(tensor.shape(), first, second));
  }

  private static IntegerCodes.Scales byColumn(Rows scales, int rows) {
    return (row, group) -> scales.number((long) group * rows + row);
  }

  private static IntegerCodes.Scales byRow(Rows scales, int count) {
    boolean one = scales.elements() == 1;
    return (row, group) -> scales.number(one ? 0 : (long) row * count + group);
  }
}
