package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.CodeKernel;
import io.solebox.engine.graph.Weight;

/**
 * A matrix product in Java with repacked weights; a unit is a range of groups of rows, for all
 * tokens.
 *
 * @param bytes of the weights, as they lie in memory
 */
record JavaCodeStep(
    Weight weight,
    long bytes,
    Buffer x,
    Buffer out,
    CodeKernel kernel,
    int teamSize,
    CodeKernel.Scratch[] scratch,
    WarmUp warmUp)
    implements Step {
  /** Multiply-adds that take tens of microseconds: of one token they are bytes to read. */
  private static final long UNIT_WORK = 1 << 20;

  /** Units per thread that let all finish together. */
  private static final int UNITS_PER_THREAD = 8;

  @Override
  public int units(Frame frame) {
    return x.rows(frame) == 0 ? 0 : Math.ceilDiv(kernel.groups(), unitGroups());
  }

  /** As many for any number of tokens, which share what a unit decodes. */
  private int unitGroups() {
    long byShare = kernel.groups() / ((long) teamSize * UNITS_PER_THREAD);
    return Math.toIntExact(Math.clamp(UNIT_WORK / kernel.groupWork(), 1, Math.max(1, byShare)));
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int tokens = x.rows(frame);
    int from = unit * unitGroups();
    int to = Math.min(kernel.groups(), from + unitGroups());
    boolean plain = warmUp.plain();
    if (plain) {
      warmUp.worked(kernel.groupWork() * (to - from) * tokens);
    }
    kernel.run(x.data(), out.data(), tokens, from, to, scratch[worker], plain);
  }

  @Override
  public String kind() {
    return weight.title() + " " + weight.type();
  }
}
