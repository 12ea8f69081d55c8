package io.solebox.engine.schedule;

import io.solebox.engine.backend.Outputs;
import io.solebox.engine.backend.RowRequest;
import io.solebox.engine.generation.LogitsSink;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** The kinds of rows that {@link RowWork} hands out. */
final class Rows {
  private Rows() {}

  /** Whole rows of logits. */
  record Logits(int from, LogitsSink sink) implements RowWork.Rows {
    @Override
    public RowRequest request(int token, int position) {
      return new RowRequest.Logits(token);
    }

    @Override
    public void take(int position, Outputs outputs, int slot) {
      sink.accept(position, outputs.dense(slot));
    }
  }

  /** Of each id after the first ones how likely it is after those before it. */
  static final class Scores implements RowWork.Rows {
    private final int[] ids;
    private final int first;
    private final float[] logprobs;

    Scores(int[] ids, int first) {
      this.ids = ids;
      this.first = first;
      this.logprobs = new float[ids.length - first];
    }

    /** The row of a position says what follows it. */
    @Override
    public int from() {
      return first - 1;
    }

    @Override
    public RowRequest request(int token, int position) {
      return new RowRequest.Score(token, ids[position + 1]);
    }

    @Override
    public void take(int position, Outputs outputs, int slot) {
      outputs.requireFinite(slot, "position " + position);
      logprobs[position + 1 - first] = outputs.candidateLogits(slot)[0] - outputs.logSumExp(slot);
    }

    float[] logprobs() {
      return logprobs;
    }
  }

  /** Hidden states. */
  static final class Hidden implements RowWork.Rows {
    private final int from;
    private final int last;
    private final float[][] states;

    /**
     * @param width E
     */
    Hidden(int from, int last, int width) {
      this.from = from;
      this.last = last;
      this.states = new float[last - from + 1][width];
    }

    @Override
    public int from() {
      return from;
    }

    int last() {
      return last;
    }

    @Override
    public RowRequest request(int token, int position) {
      return new RowRequest.Hidden(token);
    }

    @Override
    public void take(int position, Outputs outputs, int slot) {
      float[] state = states[position - from];
      MemorySegment.copy(outputs.dense(slot), ValueLayout.JAVA_FLOAT, 0, state, 0, state.length);
    }

    float[][] states() {
      return states;
    }
  }
}
