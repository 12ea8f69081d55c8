package io.solebox.engine.gguf;

import io.solebox.engine.tensor.TensorType;
import java.util.List;

/**
 * Where a tensor lies in its file. {@link GgufFile#open} has checked that the shape fits ints, that
 * rows are whole blocks, and that the bytes lie inside the file.
 *
 * @param shape as in the file: {@code ne[0]} first, the contiguous axis; 1 to 4 sizes
 * @param offset absolute, in bytes from the start of the file
 * @param bytes of all elements, without padding
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long offset, long bytes) {
  public TensorInfo {
    shape = List.copyOf(shape);
  }

  /** Elements of one row, {@code ne[0]}. */
  public int cols() {
    return Math.toIntExact(shape.getFirst());
  }

  /** Product of all other sizes; a vector has one row. */
  public int rows() {
    return Math.toIntExact(elements() / shape.getFirst());
  }

  public long elements() {
    return shape.stream().mapToLong(Long::longValue).reduce(1, Math::multiplyExact);
  }
}
