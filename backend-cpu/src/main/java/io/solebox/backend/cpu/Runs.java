package io.solebox.backend.cpu;

import io.solebox.engine.graph.ExpertOp;
import io.solebox.engine.graph.Value;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Rows that stand together because one matrix multiplies them all: those of an expert, or of a
 * head. A row comes from a row of another order, and what it became goes back there.
 */
sealed interface Runs {
  /** Runs of this step. */
  int count(Frame frame);

  /** The matrix of run i. */
  int matrix(int i);

  /** Matrices that one token is multiplied by. */
  int matricesOfToken();

  /** The first row of run i. */
  int from(int i, Frame frame);

  /** Rows of run i, at least one. */
  int rows(int i, Frame frame);

  /** Rows of all runs. */
  int rows(Frame frame);

  /** Heads, each with a row per token; row {@code t * heads + h} elsewhere. */
  record OfHeads(int heads) implements Runs {
    @Override
    public int count(Frame frame) {
      return frame.tokens() == 0 ? 0 : heads;
    }

    @Override
    public int matrix(int i) {
      return i;
    }

    @Override
    public int matricesOfToken() {
      return heads;
    }

    @Override
    public int from(int i, Frame frame) {
      return i * frame.tokens();
    }

    @Override
    public int rows(int i, Frame frame) {
      return frame.tokens();
    }

    @Override
    public int rows(Frame frame) {
      return heads * frame.tokens();
    }

    /** Where row {@code t * heads + h} stands among the runs. */
    int place(int row, Frame frame) {
      return row % heads * frame.tokens() + row / heads;
    }

    /** Which row stands there. */
    int source(int place, Frame frame) {
      return place % frame.tokens() * heads + place / frame.tokens();
    }
  }

  /**
   * Experts that tokens have chosen, each with a row per choice, in the order of the tokens. Filled
   * by one thread, and read by all in later phases.
   */
  final class OfExperts implements Runs {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final int used;
    private final int[] start; // by expert, and the end of all
    private final int[] next; // by expert, while rows are placed
    private final int[] chosen; // the experts that have rows
    private int count;

    OfExperts(ExpertOp.Experts op) {
      this.used = op.used();
      this.start = new int[op.up().experts() + 1];
      this.next = new int[op.up().experts()];
      this.chosen = new int[op.up().experts()];
    }

    /** Bytes per token of what {@link #fill} writes. */
    static long orderBytes(Value routing) {
      return 4L * routing.width();
    }

    /**
     * Counts and places all choices.
     *
     * @param routing f32 [T, 2k]: expert and share
     * @param order to be written: by place the choice that stands there, then by choice its place
     */
    void fill(Buffer routing, Buffer order, int tokens) {
      int choices = tokens * used;
      Arrays.fill(start, 0);
      for (int c = 0; c < choices; c++) {
        start[expert(routing, c) + 1]++;
      }
      count = 0;
      for (int e = 0; e < next.length; e++) {
        if (start[e + 1] > 0) {
          chosen[count++] = e;
        }
        start[e + 1] += start[e];
        next[e] = start[e];
      }
      MemorySegment to = order.data();
      for (int c = 0; c < choices; c++) {
        int place = next[expert(routing, c)]++;
        to.setAtIndex(INT, place, c);
        to.setAtIndex(INT, (long) choices + c, place);
      }
    }

    private static int expert(Buffer routing, int choice) {
      return (int) routing.data().getAtIndex(FLOAT, 2L * choice);
    }

    /** The choice that stands at a place. */
    static int choice(Buffer order, int place) {
      return order.data().getAtIndex(INT, place);
    }

    /** Where a choice stands. */
    static int place(Buffer order, int choices, int choice) {
      return order.data().getAtIndex(INT, (long) choices + choice);
    }

    /** How much of it. */
    static float share(Buffer routing, int choice) {
      return routing.data().getAtIndex(FLOAT, 2L * choice + 1);
    }

    int used() {
      return used;
    }

    int experts() {
      return next.length;
    }

    @Override
    public int count(Frame frame) {
      return count;
    }

    @Override
    public int matrix(int i) {
      return chosen[i];
    }

    @Override
    public int matricesOfToken() {
      return used;
    }

    @Override
    public int from(int i, Frame frame) {
      return start[chosen[i]];
    }

    @Override
    public int rows(int i, Frame frame) {
      return start[chosen[i] + 1] - start[chosen[i]];
    }

    @Override
    public int rows(Frame frame) {
      return frame.tokens() * used;
    }
  }
}
