package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * Products in Java of runs of rows, each with a matrix of its own; a unit is one of them.
 *
 * @param rows of a matrix
 * @param matrixBytes of one, as it lies in memory
 */
record JavaGroupedStep(
    Weight weight,
    int rows,
    long matrixBytes,
    Runs runs,
    Buffer x,
    Buffer out,
    List<Product> products,
    WarmUp warmUp)
    implements Step {
  /** All rows of a matrix with some tokens. */
  @FunctionalInterface
  interface Product {
    void run(MemorySegment x, MemorySegment out, int tokens, int worker, boolean plain);
  }

  @Override
  public int units(Frame frame) {
    return runs.count(frame);
  }

  @Override
  public void run(int unit, Frame frame, int worker) {
    int row = runs.from(unit, frame);
    int tokens = runs.rows(unit, frame);
    long xBytes = x.rowBytes() / (x.width() / weight.cols());
    long outBytes = Encoding.F32.bytes(rows);
    boolean plain = warmUp.plain();
    if (plain) {
      warmUp.worked((long) tokens * rows * weight.cols());
    }
    products
        .get(runs.matrix(unit))
        .run(
            x.data().asSlice(row * xBytes),
            out.data().asSlice(row * outBytes),
            tokens,
            worker,
            plain);
  }

  @Override
  public String kind() {
    return weight.title() + " " + weight.type();
  }

  @Override
  public long bytes() {
    return matrixBytes * runs.matricesOfToken();
  }
}
