package io.solebox.engine.source.huggingface;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * A tensor on its way from one layout to another. What changes is made when it is asked for, row by
 * row; what does not stays where it lies.
 *
 * @param shape as PyTorch writes it: the contiguous axis last; at least one size
 */
record Rows(TensorType type, List<Long> shape, TensorBytes bytes) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

  /** A change from one layout to another. */
  interface Change {
    Rows of(Rows rows);
  }

  static Rows of(float[] values) {
    return new Rows(
        TensorType.F32,
        List.of((long) values.length),
        new TensorBytes.Stored(MemorySegment.ofArray(values)));
  }

  long elements() {
    return shape.stream().reduce(1L, (a, b) -> a * b);
  }

  int size(int axis) {
    return Math.toIntExact(shape.get(axis));
  }

  /** Elements of a row; of a vector 1, so that its elements move as rows do. */
  private int cols() {
    return shape.size() == 1 ? 1 : Math.toIntExact(shape.getLast());
  }

  private int count() {
    return Math.toIntExact(elements() / cols());
  }

  private long rowBytes() {
    return type.bytes(cols());
  }

  /** One element of a tensor of floats that lies in memory. */
  float number(long index) {
    MemorySegment data = bytes.inMemory();
    if (type == TensorType.F32) {
      return data.get(FLOAT, 4 * index);
    }
    short bits = data.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * index);
    return type == TensorType.F16 ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16);
  }

  /** The same elements in another shape. */
  Rows as(Long... sizes) {
    return new Rows(type, List.of(sizes), bytes);
  }

  /** Without axes of one element. */
  Rows squeezed() {
    List<Long> sizes = shape.stream().filter(size -> size != 1).toList();
    return new Rows(type, sizes.isEmpty() ? List.of(1L) : sizes, bytes);
  }

  /** Rows {@code from} to {@code from + count} along the first axis. */
  Rows part(int from, int count) {
    long each = elements() / shape.getFirst();
    long at = type.bytes(each * from);
    List<Long> sizes = new ArrayList<>(shape);
    sizes.set(0, (long) count);
    return new Rows(type, sizes, bytes.slice(at, type.bytes(each * count)));
  }

  /** Of a stack of matrices, the same rows of each. */
  Rows middle(int from, int count) {
    int rows = size(1);
    return select(
        List.of(shape.get(0), (long) count, shape.get(2)),
        i -> i / count * rows + from + i % count);
  }

  /** Rows in another order, or some of them; of a vector its elements. */
  Rows select(List<Long> sizes, IntUnaryOperator source) {
    int rows = Math.toIntExact(sizes.stream().reduce(1L, (a, b) -> a * b) / cols());
    long rowBytes = rowBytes();
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          for (int i = 0; i < count; ) {
            int from = source.applyAsInt(row + i);
            int run = 1;
            while (i + run < count && source.applyAsInt(row + i + run) == from + run) {
              run++;
            }
            bytes.slice(from * rowBytes, run * rowBytes).copyTo(to.asSlice(i * rowBytes));
            i += run;
          }
        };
    return new Rows(type, sizes, new TensorBytes.Made(maker, rowBytes, rows));
  }

  Rows reordered(IntUnaryOperator source) {
    return select(shape, source);
  }

  /**
   * Rows of queries or keys whose pairs to be turned are the halves of a head, as neighbours:
   * {@code [heads, 2, d/2]} becomes {@code [heads, d/2, 2]}.
   */
  Rows neighbours(int heads) {
    int dim = count() / heads;
    return reordered(i -> i / dim * dim + i % dim % 2 * (dim / 2) + i % dim / 2);
  }

  /** One behind the other along the first axis. */
  static Rows joined(List<Rows> parts) {
    Rows first = parts.getFirst();
    if (parts.size() == 1) {
      return first;
    }
    int each = first.count();
    long rowBytes = first.rowBytes();
    for (Rows part : parts) {
      if (part.type() != first.type() || !part.shape().equals(first.shape())) {
        throw new IllegalArgumentException(
            "%s%s and %s%s do not fit together"
                .formatted(first.type(), first.shape(), part.type(), part.shape()));
      }
    }
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          for (int done = 0; done < count; ) {
            int at = row + done;
            int n = Math.min(count - done, each - at % each);
            parts
                .get(at / each)
                .bytes()
                .slice(at % each * rowBytes, n * rowBytes)
                .copyTo(to.asSlice(done * rowBytes));
            done += n;
          }
        };
    List<Long> sizes = new ArrayList<>(first.shape());
    sizes.set(0, sizes.getFirst() * parts.size());
    int rows = each * parts.size();
    return new Rows(first.type(), sizes, new TensorBytes.Made(maker, rowBytes, rows));
  }

  /**
   * All rows with the first of the others added, then with the second, and so on, as f32.
   *
   * @param others that lie in memory, as wide as these
   */
  Rows plusEach(Rows others) {
    int cols = cols();
    int rows = count();
    if (others.cols() != cols) {
      throw new IllegalArgumentException(shape + " and " + others.shape + " differ in width");
    }
    return joined(Collections.nCopies(others.count(), this))
        .f32(
            (row, values) -> {
              for (int i = 0; i < cols; i++) {
                values[i] += others.number((long) row / rows * cols + i);
              }
            });
  }

  /** Matrices or vectors as one stack of them. */
  static Rows stacked(List<Rows> parts) {
    Rows all = joined(parts);
    List<Long> sizes = new ArrayList<>(parts.getFirst().shape());
    sizes.addFirst((long) parts.size());
    return new Rows(all.type(), sizes, all.bytes());
  }

  /** With the last two axes exchanged, of one matrix or of each of a stack. */
  Rows transposed() {
    if (type.isQuantized()) {
      return widened().transposed();
    }
    int axes = shape.size();
    int in = size(axes - 2); // rows of each matrix here
    int out = size(axes - 1); // and rows of each there
    int width = Math.toIntExact(type.bytes(1));
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          byte[] one = new byte[out * width];
          for (int done = 0; done < count; ) {
            int matrix = (row + done) / out;
            int first = (row + done) % out;
            int n = Math.min(count - done, out - first);
            for (int i = 0; i < in; i++) {
              long at = ((long) matrix * in + i) * out * width;
              bytes
                  .slice(at + (long) first * width, (long) n * width)
                  .copyTo(MemorySegment.ofArray(one));
              for (int j = 0; j < n; j++) {
                long into = ((long) (done + j) * in + i) * width;
                MemorySegment.copy(one, j * width, to, ValueLayout.JAVA_BYTE, into, width);
              }
            }
            done += n;
          }
        };
    List<Long> sizes = new ArrayList<>(shape);
    sizes.set(axes - 2, (long) out);
    sizes.set(axes - 1, (long) in);
    int rows = Math.toIntExact(elements() / in);
    return new Rows(type, sizes, new TensorBytes.Made(maker, type.bytes(in), rows));
  }

  /**
   * Groups of columns in another order.
   *
   * @param width of a group, whole blocks of the format
   * @param source of each group the one that comes there
   */
  Rows columns(int width, IntUnaryOperator source) {
    if (width % type.blockSize() != 0) {
      throw new IllegalArgumentException(
          "columns of %s cannot be moved in groups of %d".formatted(type, width));
    }
    long group = type.bytes(width);
    long rowBytes = rowBytes();
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          MemorySegment from = MemorySegment.ofArray(new byte[(int) rowBytes]);
          for (int r = 0; r < count; r++) {
            bytes.slice((row + r) * rowBytes, rowBytes).copyTo(from);
            for (int g = 0; g < rowBytes / group; g++) {
              long at = source.applyAsInt(g) * group;
              MemorySegment.copy(from, at, to, r * rowBytes + g * group, group);
            }
          }
        };
    return new Rows(type, shape, new TensorBytes.Made(maker, rowBytes, count()));
  }

  /** A factor for each row. */
  interface RowFactor {
    float of(int row);
  }

  /** Each row of a matrix with a factor of its own, as f32. */
  Rows scaledRows(RowFactor factor) {
    return f32(
        (row, values) -> {
          for (int i = 0; i < values.length; i++) {
            values[i] *= factor.of(row);
          }
        });
  }

  /** A function of one element. */
  interface Mapping {
    float of(float value);
  }

  /** Each element by itself, as f32; for small tensors. */
  Rows mapped(Mapping mapping) {
    return f32(
        (_, values) -> {
          for (int i = 0; i < values.length; i++) {
            values[i] = mapping.of(values[i]);
          }
        });
  }

  private interface RowMapping {
    void apply(int row, float[] values);
  }

  private Rows f32(RowMapping mapping) {
    int length = Math.toIntExact(shape.getLast());
    int rows = Math.toIntExact(elements() / length);
    long rowBytes = type.bytes(length);
    TensorBytes.RowMaker maker =
        (row, count, to) -> {
          float[] values = new float[length];
          MemorySegment from = MemorySegment.ofArray(new byte[(int) rowBytes]);
          for (int r = 0; r < count; r++) {
            bytes.slice((row + r) * rowBytes, rowBytes).copyTo(from);
            BlockLayouts.of(type).dequantize(from, 0, values, 0, length);
            mapping.apply(row + r, values);
            MemorySegment.copy(values, 0, to, FLOAT, 4L * r * length, length);
          }
        };
    return new Rows(TensorType.F32, shape, new TensorBytes.Made(maker, 4L * length, rows));
  }

  /** The same values as f32. */
  Rows widened() {
    return type == TensorType.F32 ? this : mapped(value -> value);
  }
}
