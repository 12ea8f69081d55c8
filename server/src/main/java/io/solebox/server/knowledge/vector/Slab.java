package io.solebox.server.knowledge.vector;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Some rows, off the heap: f32 [{@link #ROWS}, stride] in the order of the machine, and whose they
 * are.
 */
final class Slab {
  /** Few enough that a small index is small, and enough that a thread has something to do. */
  static final int ROWS = 256;

  /** Of a cache line, so that no vector lies in two. */
  static final long ALIGNMENT = 64;

  private final Arena arena = Arena.ofShared();
  private final long rowBytes;
  final MemorySegment rows;
  final long[] ids = new long[ROWS];

  Slab(int stride) {
    rowBytes = (long) stride * Float.BYTES;
    rows = arena.allocate(ROWS * rowBytes, ALIGNMENT);
  }

  /** Writes a row whose rest is zeros. */
  void set(int row, long id, float[] vector) {
    ids[row] = id;
    MemorySegment.copy(vector, 0, rows, ValueLayout.JAVA_FLOAT, row * rowBytes, vector.length);
  }

  void copy(int row, Slab from, int fromRow) {
    ids[row] = from.ids[fromRow];
    MemorySegment.copy(from.rows, fromRow * rowBytes, rows, row * rowBytes, rowBytes);
  }

  /** Gives the memory back; nobody may read it any more. */
  void free() {
    arena.close();
  }
}
