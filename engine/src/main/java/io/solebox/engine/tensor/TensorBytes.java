package io.solebox.engine.tensor;

import java.lang.foreign.MemorySegment;

/**
 * The bytes of a tensor in its format: in memory, or made as they are asked for from those of a
 * file that holds them in another way, or nowhere. Made ones cost no memory until somebody keeps
 * them.
 */
public sealed interface TensorBytes {
  /** Makes rows; stateless, for many threads at once. */
  interface RowMaker {
    /**
     * @param row the first
     * @param to room for {@code count} rows, and at its start
     */
    void make(int row, int count, MemorySegment to);
  }

  long size();

  TensorBytes slice(long offset, long length);

  /** Writes all of them to the start of {@code to}. */
  void copyTo(MemorySegment to);

  /** Where they lie; made ones are made now, as a whole. */
  default MemorySegment inMemory() {
    return switch (this) {
      case Stored(MemorySegment segment) -> segment;
      case Made made -> {
        MemorySegment own = MemorySegment.ofArray(new byte[Math.toIntExact(made.size())]);
        made.copyTo(own);
        yield own;
      }
      case Absent absent -> throw absent.refusal();
    };
  }

  /** Where it begins in {@code whole}, of which it is a slice, in bytes. */
  default long offsetIn(TensorBytes whole) {
    if (this instanceof Stored(MemorySegment part)
        && whole instanceof Stored(MemorySegment segment)) {
      return part.address() - segment.address();
    }
    if (this instanceof Made part && whole instanceof Made made && part.maker == made.maker) {
      return part.offset - made.offset;
    }
    throw new IllegalArgumentException("no slice of the other");
  }

  /** In memory, mostly in a file's mapping. */
  record Stored(MemorySegment segment) implements TensorBytes {
    @Override
    public long size() {
      return segment.byteSize();
    }

    @Override
    public TensorBytes slice(long offset, long length) {
      return new Stored(segment.asSlice(offset, length));
    }

    @Override
    public void copyTo(MemorySegment to) {
      MemorySegment.copy(segment, 0, to, 0, segment.byteSize());
    }
  }

  /**
   * Made row by row.
   *
   * @param rowBytes of each row
   * @param offset of the first byte that counts, from the first row on
   */
  record Made(RowMaker maker, long rowBytes, long offset, long size) implements TensorBytes {
    public Made(RowMaker maker, long rowBytes, int rows) {
      this(maker, rowBytes, 0, rowBytes * rows);
    }

    @Override
    public TensorBytes slice(long from, long length) {
      if (from < 0 || length < 0 || from + length > size) {
        throw new IndexOutOfBoundsException(from + " + " + length + " of " + size);
      }
      return new Made(maker, rowBytes, offset + from, length);
    }

    @Override
    public void copyTo(MemorySegment to) {
      int first = Math.toIntExact(offset / rowBytes);
      int end = Math.toIntExact((offset + size + rowBytes - 1) / rowBytes);
      if (offset % rowBytes == 0 && size % rowBytes == 0) {
        maker.make(first, end - first, to);
        return;
      }
      // A part of a row, as a vector's that is cut in pieces: these are small.
      MemorySegment rows =
          MemorySegment.ofArray(new byte[Math.toIntExact((end - first) * rowBytes)]);
      maker.make(first, end - first, rows);
      MemorySegment.copy(rows, offset - first * rowBytes, to, 0, size);
    }
  }

  /**
   * Nowhere: of a model that is a shape alone, of which sizes are asked and never contents.
   *
   * @param offset in its tensor: two halves of one are not the same
   * @throws IllegalStateException from all that would need them
   */
  record Absent(long offset, long size) implements TensorBytes {
    public Absent(long size) {
      this(0, size);
    }

    @Override
    public TensorBytes slice(long from, long length) {
      return new Absent(offset + from, length);
    }

    @Override
    public void copyTo(MemorySegment to) {
      throw refusal();
    }

    private static IllegalStateException refusal() {
      return new IllegalStateException("a model that is a shape alone has no weights");
    }
  }
}
