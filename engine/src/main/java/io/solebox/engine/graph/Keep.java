package io.solebox.engine.graph;

import java.util.OptionalInt;

/**
 * Memory that a sequence keeps from step to step. Ops that name the same keep share it: layers with
 * keys and values of an earlier layer are data, not code.
 */
public sealed interface Keep {
  /** Unique in its graph. */
  int id();

  /**
   * Keys and values, a row of each per position, in blocks that are handed out as a sequence grows.
   *
   * @param keyWidth elements of a position's keys
   * @param valueWidth elements of its values
   * @param mask who sees a position, and so how long it is kept
   */
  record Paged(int id, int keyWidth, int valueWidth, Mask mask) implements Keep {
    /** The positions that are kept behind a token, itself included; empty for all of them. */
    public OptionalInt window() {
      return mask.window();
    }
  }

  /**
   * Recurrent state: so many floats per sequence, whatever its length. What they hold for a
   * sequence that begins is undefined; an op knows by position 0 that there is nothing to read.
   */
  record Slot(int id, long floats) implements Keep {}
}
