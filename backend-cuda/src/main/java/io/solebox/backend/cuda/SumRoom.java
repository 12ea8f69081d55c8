package io.solebox.backend.cuda;

import io.solebox.engine.backend.Limits;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.Op;
import io.solebox.engine.graph.Value;

/**
 * How much of a sum over several cards goes into one launch, and what it takes of memory: places
 * where one rank leaves its part for another.
 *
 * @param slotBytes of the longest part; longer ones take several launches
 */
record SumRoom(long slotBytes) {
  /** That the kernels have tables for. */
  static final int MOST_RANKS = 8;

  static final int THREADS = 256;
  private static final int BYTES_OF_THREAD = 16;

  /** Slots by turns, each of two stages. */
  private static final int SLOTS = 4;

  private static final int STAGES = 2;
  private static final int FLAG_BYTES = 64;

  /** As many as keep a link busy; each waits for one of every other card. */
  private static final int MOST_BLOCKS = 32;

  /** 64 tokens of 8192 elements. */
  private static final long MOST_SLOT_BYTES = 2L << 20;

  /** Of a rank of a graph that was cut for several devices; of none where it was not. */
  static SumRoom of(Graph graph, Limits limits) {
    long most = 0;
    for (Op op : graph.ops()) {
      if (op instanceof Op.AllReduce(Value out, _)) {
        most = Math.max(most, Float.BYTES * (long) out.width() * Places.rows(false, limits));
      }
    }
    return upTo(most);
  }

  /** For sums of so many bytes, as far as one launch takes them. */
  static SumRoom upTo(long bytes) {
    return new SumRoom(bytes == 0 ? 0 : Places.align(Math.min(bytes, MOST_SLOT_BYTES)));
  }

  int slotFloats() {
    return Math.toIntExact(slotBytes / Float.BYTES);
  }

  /** The same for all sums of an exchange: blocks of one number meet. */
  int blocks() {
    long all = Math.ceilDiv(slotBytes, (long) THREADS * BYTES_OF_THREAD);
    return (int) Math.clamp(all, 1, MOST_BLOCKS);
  }

  /** Where flags begin in a place. */
  long flagsAt() {
    return SLOTS * slotBytes;
  }

  /** Of a place that a rank has for what it tells another, or all that do not reach each other. */
  long placeBytes() {
    return Places.align(flagsAt() + (long) STAGES * FLAG_BYTES * blocks());
  }

  /** On a device that has a place for each other of the most ranks; 0 where nothing is summed. */
  long mostBytes() {
    return slotBytes == 0 ? 0 : (MOST_RANKS - 1) * placeBytes() + RankMemory.ownBytes(this);
  }
}
