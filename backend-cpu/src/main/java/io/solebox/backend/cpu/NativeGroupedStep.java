package io.solebox.backend.cpu;

import java.util.List;

/**
 * Products in C of runs of rows, each with a matrix of its own; a unit is a part of one of them.
 */
final class NativeGroupedStep implements Step {
  /** Units per thread that let all finish together. */
  private static final int UNITS_PER_THREAD = 4;

  /** Bytes of weights that a thread reads in some microseconds, where few rows share them. */
  private static final long UNIT_BYTES = 256 << 10;

  private final String kind;
  private final Runs runs;
  private final List<NativeProduct> products;
  private final long matrixBytes;
  private final Buffer x;
  private final Buffer out;
  private final long xBytes;
  private final long outBytes;
  private final int threads;

  /**
   * @param matrixBytes of one of the matrices, as it lies in memory
   * @param x rows in the order of the runs, one after the other
   */
  NativeGroupedStep(
      String kind,
      Runs runs,
      List<NativeProduct> products,
      long matrixBytes,
      Buffer x,
      Buffer out,
      int threads) {
    this.kind = kind;
    this.runs = runs;
    this.products = products;
    this.matrixBytes = matrixBytes;
    this.x = x;
    this.out = out;
    int cols = products.getFirst().cols();
    this.xBytes = x.rowBytes() / (x.width() / cols);
    this.outBytes = Encoding.F32.bytes(products.getFirst().rows());
    this.threads = threads;
  }

  /** Into how many parts each product is cut. */
  private int parts(Frame frame) {
    NativeProduct product = products.getFirst();
    long share = Math.ceilDiv(UNITS_PER_THREAD * threads, Math.max(1, runs.count(frame)));
    long byBytes = matrixBytes / UNIT_BYTES;
    boolean few = frame.tokens() <= NativeLinearStep.FEW_TOKENS;
    return Math.toIntExact(Math.clamp(few ? Math.max(share, byBytes) : share, 1, product.groups()));
  }

  @Override
  public String kind() {
    return kind;
  }

  @Override
  public long bytes() {
    return matrixBytes * runs.matricesOfToken();
  }

  @Override
  public int units(Frame frame) {
    return runs.count(frame) * parts(frame);
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int parts = parts(frame);
    int run = unit / parts;
    int part = unit % parts;
    NativeProduct product = products.get(runs.matrix(run));
    int from = part * product.groups() / parts;
    int to = (part + 1) * product.groups() / parts;
    int row = runs.from(run, frame);
    product.run(
        from,
        to,
        x.address() + row * xBytes,
        runs.rows(run, frame),
        out.address() + row * outBytes);
  }
}
