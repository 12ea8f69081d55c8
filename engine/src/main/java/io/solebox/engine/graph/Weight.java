package io.solebox.engine.graph;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tensor.BlockLayouts;
import io.solebox.engine.tensor.TensorBytes;
import io.solebox.engine.tensor.TensorType;
import io.solebox.engine.tensor.Transcoder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A named GGUF tensor [rows, cols]; row-major, cols is the contiguous axis. A vector has one row.
 *
 * @param type the format that it is computed in, and that bytes are counted in
 * @param stored the format of the file; where it is another one, rows are brought to {@code type}
 *     by {@link #copyRows}
 * @param file the tensor's bytes, in the model's mapping or made from it, until the model is closed
 */
public record Weight(
    String name, int rows, int cols, TensorType type, TensorType stored, TensorBytes file) {
  /** What an op does with a weight. */
  public enum Role {
    /** Reads a row per token. */
    TABLE,
    /** Reads a row per token, by its position. */
    POSITIONS,
    /** Multiplies every token with all of it. */
    MATRIX,
    /** Multiplies a token with the rows of the experts that it takes. */
    EXPERTS,
    /** Multiplies the tokens of sequences that use an adapter; computed as f32. */
    ADAPTER,
    /** Adds or multiplies element by element; small, and kept as f32. */
    VECTOR
  }

  /** A weight in an op. */
  public record Use(Weight weight, Role role) {}

  /** Computed in the format of the file. */
  public Weight(String name, int rows, int cols, TensorType type, TensorBytes file) {
    this(name, rows, cols, type, type, file);
  }

  /** In memory, in the format that it is computed in. */
  public Weight(String name, int rows, int cols, TensorType type, MemorySegment data) {
    this(name, rows, cols, type, new TensorBytes.Stored(data));
  }

  /** The same to be computed in another format. */
  public Weight as(TensorType other) {
    return new Weight(name, rows, cols, other, stored, file);
  }

  /** A small vector that no file has. */
  public static Weight of(String name, float[] values) {
    MemorySegment data = Arena.ofAuto().allocate((long) Float.BYTES * values.length, Float.BYTES);
    MemorySegment.copy(values, 0, data, ValueLayout.JAVA_FLOAT, 0, values.length);
    return new Weight(name, 1, values.length, TensorType.F32, data);
  }

  /** Some of its rows. */
  public Weight rows(int from, int count) {
    return new Weight(name, count, cols, type, stored, fileRows(from, count));
  }

  /** Some of its columns, of every row; their borders are borders of blocks. */
  public Weight columns(int from, int count) {
    if (count == cols) {
      return this;
    }
    long rowBytes = stored.bytes(cols);
    long at = stored.bytes(from);
    long bytes = stored.bytes(count);
    TensorBytes.RowMaker maker =
        (row, n, to) -> {
          for (int i = 0; i < n; i++) {
            file.slice((row + i) * rowBytes + at, bytes).copyTo(to.asSlice(i * bytes, bytes));
          }
        };
    var part = new TensorBytes.Made(maker, bytes, rows);
    return new Weight(name, rows, count, type, stored, part);
  }

  /** Of each {@code step} rows the {@code count} from {@code from} on. */
  public Weight rowsOfEach(int step, int from, int count) {
    if (count == step) {
      return this;
    }
    long bytes = stored.bytes(cols);
    TensorBytes.RowMaker maker =
        (row, n, to) -> {
          int done = 0;
          while (done < n) {
            int inStep = (row + done) % count;
            int run = Math.min(n - done, count - inStep);
            int first = (row + done) / count * step + from + inStep;
            fileRows(first, run).copyTo(to.asSlice(done * bytes, run * bytes));
            done += run;
          }
        };
    int all = rows / step * count;
    return new Weight(name, all, cols, type, stored, new TensorBytes.Made(maker, bytes, all));
  }

  /** The same elements as one row. */
  public Weight flat() {
    return new Weight(name, 1, Math.multiplyExact(rows, cols), type, stored, file);
  }

  /** Some elements of a vector. */
  public Weight part(int from, int count) {
    long at = stored.bytes(from);
    return new Weight(name, 1, count, type, stored, file.slice(at, stored.bytes(count)));
  }

  /** The part of its name that all layers share, as in {@code ffn_down}. */
  public String title() {
    return name.replaceFirst("^blk\\.\\d+\\.", "").replaceFirst("\\.weight$", "");
  }

  /** Whether there is no memory yet that has it in its {@link #type}. */
  public boolean isTranscoded() {
    return type != stored || file instanceof TensorBytes.Made;
  }

  /**
   * The bytes, to be used in place until the model is closed, or copied.
   *
   * @throws IllegalStateException if there is no memory that has them
   */
  public MemorySegment data() {
    if (type == stored && file instanceof TensorBytes.Stored(MemorySegment segment)) {
      return segment;
    }
    throw new IllegalStateException(name + " is not " + type + " in memory yet, but " + stored);
  }

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

  /** Bytes of all rows in the file. */
  public long storedBytes() {
    return stored.bytes(cols) * rows;
  }

  /** {@code count} rows in the format of the file. */
  public TensorBytes fileRows(int row, int count) {
    long bytes = stored.bytes(cols);
    return file.slice(row * bytes, count * bytes);
  }

  /** Writes {@code count} rows in the format that they are computed in. */
  public void copyRows(int row, int count, MemorySegment to) {
    TensorBytes from = fileRows(row, count);
    if (type == stored) {
      from.copyTo(to);
    } else {
      Transcoder.of(stored, type).run(from.inMemory(), to, (long) count * cols);
    }
  }

  /** Writes a row as floats: what it is worth in the file. */
  public void dequantize(int row, float[] out, int outAt) {
    MemorySegment from = fileRows(row, 1).inMemory();
    BlockLayouts.of(stored).dequantize(from, 0, out, outAt, cols);
  }

  /** Writes all rows as floats, one after the other. */
  public void dequantize(float[] out, int outAt) {
    for (int row = 0; row < rows; row++) {
      dequantize(row, out, outAt + row * cols);
    }
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} if there are fewer bytes than the shape needs
   */
  public void requireWhole() {
    if (file.size() < storedBytes()) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          name,
          "The tensor needs %d bytes and has %d.".formatted(storedBytes(), file.size()),
          "Download the file again.");
    }
  }
}
