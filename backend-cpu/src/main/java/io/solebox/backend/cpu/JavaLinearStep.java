package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.LinearKernel;
import io.solebox.engine.graph.Weight;

/** A matrix product in Java; a unit is a range of rows of the weight, for all tokens. */
record JavaLinearStep(
    Weight weight,
    Buffer x,
    Buffer out,
    LinearKernel kernel,
    int teamSize,
    LinearKernel.Scratch[] scratch,
    WarmUp warmUp)
    implements Step {
  /** Bytes of weights that keep a thread busy for tens of microseconds. */
  private static final long UNIT_BYTES = 512 << 10;

  /** Units per thread that let all finish together. */
  private static final int UNITS_PER_THREAD = 8;

  @Override
  public int units(Frame frame) {
    int rows = x.rows(frame);
    return rows == 0 ? 0 : (kernel.rows() + unitRows(rows) - 1) / unitRows(rows);
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int tokens = x.rows(frame);
    int from = unit * unitRows(tokens);
    int to = Math.min(kernel.rows(), from + unitRows(tokens));
    boolean plain = warmUp.plain();
    if (plain) {
      warmUp.worked(kernel.multiplyAdds(tokens, to - from));
    }
    kernel.run(x.data(), out.data(), tokens, from, to, scratch[worker], plain);
  }

  private int unitRows(int tokens) {
    if (tokens > 1) {
      return LinearKernel.ROWS;
    }
    long byBytes = UNIT_BYTES / kernel.rowBytes();
    long byShare = kernel.rows() / ((long) teamSize * UNITS_PER_THREAD);
    long rows = Math.min(byBytes, byShare) / LinearKernel.ROWS * LinearKernel.ROWS;
    return Math.clamp(rows, LinearKernel.ROWS, LinearKernel.DOT_ROWS);
  }

  @Override
  public String kind() {
    return weight.title() + " " + weight.type();
  }

  @Override
  public long bytes() {
    return weight.bytes();
  }
}
