package io.solebox.engine.source;

import io.solebox.engine.tensor.TensorType;
import java.util.List;

/**
 * A tensor that a source has. Whoever makes one has checked that the shape fits ints and that rows
 * are whole blocks.
 *
 * @param shape as in GGUF: {@code ne[0]} first, the contiguous axis; 1 to 4 sizes
 * @param bytes of all elements, without padding
 */
public record TensorInfo(String name, TensorType type, List<Long> shape, long bytes) {
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
