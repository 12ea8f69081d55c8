package io.solebox.planner.speed;

import io.solebox.engine.backend.KvType;
import io.solebox.engine.tensor.TensorType;
import io.solebox.planner.work.OpWork;
import io.solebox.planner.work.StepWork;

/**
 * How long steps take at a pace: each op as long as its reading or its computing, whichever is
 * longer (the roofline; Williams, Waterman, Patterson, CACM 52/4, 2009), one op after the other.
 */
record StepTimes(StepWork work, Pace pace, KvType kvType) {
  /** Tokens of a prompt that share a reading of the keys before them. */
  private static final int QUERY_ROWS = 64;

  /**
   * Seconds of a step in which each of some sequences gets a token.
   *
   * @param context positions that each has behind it
   */
  double decode(int sequences, double context) {
    return pace.secondsPerStep()
        + work.ops().stream().mapToDouble(op -> decode(op, sequences, context)).sum();
  }

  private double decode(OpWork op, int sequences, double context) {
    double kept = sequences * StepWork.keptBytes(op, context, kvType) / pace.keptBytesPerSecond();
    double read = op.weightBytes(sequences) / weightPace(op);
    double computed = sequences * op.flopsPerToken() / operations(op);
    return pace.secondsPerOp() + kept + Math.max(read, computed);
  }

  /**
   * Seconds until all of a prompt is computed.
   *
   * @param stepTokens of it that a step takes at most
   */
  double prefill(int prompt, int stepTokens) {
    double seconds = 0;
    for (int done = 0; done < prompt; done += stepTokens) {
      int tokens = Math.min(stepTokens, prompt - done);
      int before = done;
      seconds +=
          pace.secondsPerStep()
              + work.ops().stream().mapToDouble(op -> prefill(op, tokens, before)).sum();
    }
    return seconds;
  }

  private double prefill(OpWork op, int tokens, int before) {
    double rows = op.isPerRow() ? 1 : tokens;
    double read = op.weightBytes(rows) / weightPace(op);
    double computed = rows * op.flopsPerToken() / operations(op);
    double seen = before + tokens / 2.0;
    double passes = Math.ceil((double) tokens / QUERY_ROWS);
    double kept = passes * StepWork.keptBytes(op, seen, kvType) / pace.keptBytesPerSecond();
    double attended =
        op.attention().map(a -> tokens * a.flops() * a.positions(seen)).orElse(0.0)
            / pace.attentionPerSecond();
    return pace.secondsPerOp() + Math.max(read, computed) + Math.max(kept, attended);
  }

  private double weightPace(OpWork op) {
    return pace.weightBytesPerSecond().applyAsDouble(op.type().orElse(TensorType.F32));
  }

  private double operations(OpWork op) {
    return pace.operationsPerSecond().applyAsDouble(op.type().orElse(TensorType.F32));
  }
}
