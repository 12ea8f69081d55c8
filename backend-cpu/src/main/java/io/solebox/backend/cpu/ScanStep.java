package io.solebox.backend.cpu;

import io.solebox.engine.graph.StateOp;
import java.lang.foreign.ValueLayout;

/**
 * The selective scan; a unit is a head of a sequence, token by token.
 *
 * @param state per slot, per head [P, N]
 */
record ScanStep(
    StateOp.SelectiveScan op,
    In in,
    Buffer dt,
    Buffer state,
    float[] bias,
    float[] rate,
    float[] skip,
    Kernel kernel)
    implements Step {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** f32 rows of all heads and groups. */
  record In(Buffer x, Buffer b, Buffer c, Buffer out) {}

  /**
   * What a token of a head is computed by.
   *
   * @param fade factor on the state
   * @param step factor on the input
   * @param skip factor on what passes by the state
   */
  record Rates(float fade, float step, float skip) {}

  /** One token of one head. */
  @FunctionalInterface
  interface Kernel {
    /**
     * @param stateAt byte offset of [P, N]
     * @param headAt byte offset of [P] in x and out
     * @param groupAt byte offset of [N] in b and c
     */
    void run(
        Buffer state,
        long stateAt,
        In in,
        long headAt,
        long groupAt,
        Rates rates,
        int headDim,
        int stateDim);
  }

  @Override
  public String kind() {
    return "selective scan";
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
    long headBytes = Encoding.F32.bytes(op.headDim() * op.stateDim());
    long stateAt = state.at(slot) + h * headBytes;
    if (frame.batch().positions()[start] == 0) {
      state.data().asSlice(stateAt, headBytes).fill((byte) 0);
    }
    int group = h / (op.heads() / op.groups());
    for (int t = start; t < end; t++) {
      double step = DeltaStep.softplus(dt.data().get(FLOAT, dt.at(t) + 4L * h) + bias[h]);
      var rates = new Rates((float) Math.exp(rate[h] * step), (float) step, skip[h]);
      long headAt = in.x().at(t) + Encoding.F32.bytes(h * op.headDim());
      long groupAt = in.b().at(t) + Encoding.F32.bytes(group * op.stateDim());
      kernel.run(state, stateAt, in, headAt, groupAt, rates, op.headDim(), op.stateDim());
    }
  }
}
