package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;
import io.solebox.backend.cuda.driver.Stream;

/**
 * Where a plan's launches go: one stream, on which a kernel may begin before the one ahead of it
 * has ended, where the card can. Used on the GPU's thread.
 */
final class Launches implements Launcher.Sink {
  private final Stream stream;
  private boolean overlap;
  private boolean afterKernel;
  private int count;

  /**
   * @param overlap whether kernels may overlap
   */
  Launches(Stream stream, boolean overlap) {
    this.stream = stream;
    this.overlap = overlap;
  }

  boolean overlap() {
    return overlap;
  }

  void setOverlap(boolean allowed) {
    overlap = allowed;
  }

  /** What comes next stands behind a copy, or behind nothing: it does not overlap. */
  void begin() {
    afterKernel = false;
  }

  /** Launches so far. */
  int count() {
    return count;
  }

  @Override
  public void launch(Kernel kernel, Grid grid, Arguments arguments) {
    count++;
    if (overlap && afterKernel) {
      stream.launchEarly(kernel, grid, arguments);
    } else {
      stream.launch(kernel, grid, arguments);
    }
    afterKernel = true;
  }
}
