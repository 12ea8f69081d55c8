package io.solebox.engine.backend;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * Room for hidden states f32 [T, E] on their way from one stage to the next. One writes them, then
 * the other reads them, before the first writes to the same rows again.
 */
public sealed interface HiddenPlace extends AutoCloseable {
  /** The same from a row on, for a part of a step: its row 0 is row {@code row} here. */
  HiddenPlace from(int row);

  /** Gives the room back; of no use for what {@link #from} gave. */
  @Override
  void close();

  /** In host memory, which every stage reaches. */
  record InHost(Arena arena, MemorySegment rows, long rowBytes) implements HiddenPlace {
    @Override
    public HiddenPlace from(int row) {
      return new InHost(arena, rows.asSlice(row * rowBytes), rowBytes);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  /** Where two plans of one backend reach it and nobody else does. */
  non-sealed interface OfBackend extends HiddenPlace {}

  /**
   * A place in host memory.
   *
   * @param tokens T of the largest step
   * @param width E
   */
  static HiddenPlace inHost(int tokens, int width) {
    Arena arena = Arena.ofShared();
    long rowBytes = (long) Float.BYTES * width;
    return new InHost(arena, arena.allocate(rowBytes * tokens, 64), rowBytes);
  }

  /**
   * What a plan that knows of host memory alone reads and writes.
   *
   * @throws IllegalArgumentException for a place elsewhere
   */
  static MemorySegment hostRows(HiddenPlace place) {
    return switch (place) {
      case InHost host -> host.rows();
      case OfBackend other -> throw new IllegalArgumentException(other + " is not in host memory");
    };
  }
}
