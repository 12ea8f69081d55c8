package io.solebox.backend.cpu;

import io.solebox.engine.graph.StateOp;
import java.lang.foreign.ValueLayout;

/**
 * The gated delta rule; a unit is a value head of a sequence, token by token.
 *
 * @param state per slot, per value head [Dv, Dk]
 */
record DeltaStep(
    StateOp.GatedDelta op,
    In in,
    Buffer a,
    Buffer b,
    Buffer state,
    float[] bias,
    float[] rate,
    Kernel kernel)
    implements Step {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** f32 rows of all heads. */
  record In(Buffer q, Buffer k, Buffer v, Buffer out) {}

  /** One token of one head. */
  @FunctionalInterface
  interface Kernel {
    /**
     * @param stateAt byte offset of [Dv, Dk]
     * @param keyAt byte offset of [Dk] in q and k
     * @param valueAt byte offset of [Dv] in v and out
     */
    void run(
        Buffer state,
        long stateAt,
        In in,
        long keyAt,
        long valueAt,
        float fade,
        float beta,
        int keyDim,
        int valueDim);
  }

  @Override
  public String kind() {
    return "delta rule";
  }

  @Override
  public int units(Frame frame) {
    return frame.batch().sequences().size() * op.heads();
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int h = unit % op.heads();
    int start = frame.sequenceStart(unit / op.heads());
    int end = frame.batch().sequenceEnd(start);
    int slot = frame.batch().sequence(start).slot();
    long headBytes = Encoding.F32.bytes(op.valueDim() * op.keyDim());
    long stateAt = state.at(slot) + h * headBytes;
    if (frame.batch().positions()[start] == 0) {
      state.data().asSlice(stateAt, headBytes).fill((byte) 0);
    }
    for (int t = start; t < end; t++) {
      double raw = a.data().get(FLOAT, a.at(t) + 4L * h) + bias[h];
      double fade = Math.exp(rate[h] * softplus(raw));
      double beta = 1 / (1 + Math.exp(-b.data().get(FLOAT, b.at(t) + 4L * h)));
      kernel.run(
          state,
          stateAt,
          in,
          in.k().at(t) + Encoding.F32.bytes(op.keyHead(h) * op.keyDim()),
          in.v().at(t) + Encoding.F32.bytes(h * op.valueDim()),
          (float) fade,
          (float) beta,
          op.keyDim(),
          op.valueDim());
    }
  }

  /** {@code log(1 + e^x)}. */
  static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }
}
