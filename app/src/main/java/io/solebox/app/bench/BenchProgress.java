package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;

/** How far a report is, on a terminal. */
final class BenchProgress implements AutoCloseable {
  private final ProgressBar bar;
  private final int steps;
  private int done;

  /**
   * @param steps that there are
   */
  BenchProgress(Console console, int steps) {
    this.bar = new ProgressBar(console, "bench");
    this.steps = steps;
  }

  /** The next one begins. */
  void step(String name) {
    bar.report(name, (double) done / steps);
    done++;
  }

  /** How much of the present step is done, of 1. */
  void within(String name, double fraction) {
    bar.report(name, (done - 1 + fraction) / steps);
  }

  /** Makes room for others on the line. */
  void wipe() {
    bar.wipe();
  }

  @Override
  public void close() {
    bar.close();
  }
}
