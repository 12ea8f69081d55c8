package io.solebox.engine.graph;

import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorType;
import java.lang.foreign.MemorySegment;

/**
 * A named GGUF tensor [rows, cols]; row-major, cols is the contiguous axis. A vector has one row.
 *
 * @param data the tensor's bytes in the model's mapping; a backend may use them in place until the
 *     model is closed, or copy them
 */
public record Weight(String name, int rows, int cols, TensorType type, MemorySegment data) {
  /** What an op does with a weight. */
  public enum Role {
    /** Reads a row per token. */
    TABLE,
    /** Multiplies every token with all of it. */
    MATRIX,
    /** Adds or multiplies element by element; small, and kept as f32. */
    VECTOR
  }

  /** A weight in an op. */
  public record Use(Weight weight, Role role) {}

  /** Bytes of one row. */
  public long rowBytes() {
    return type.bytes(cols);
  }

  public long bytes() {
    return rowBytes() * rows;
  }

  public long elements() {
    return (long) rows * cols;
  }

  /** Writes a row as floats, by the scalar truth of the format. */
  public void dequantize(int row, float[] out, int outAt) {
    BlockLayouts.of(type).dequantize(data, row * rowBytes(), out, outAt, cols);
  }
}
