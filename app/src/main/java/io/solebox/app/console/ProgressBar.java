package io.solebox.app.console;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.Printable;

/** Shows on a terminal's stderr how far loading is; silent elsewhere, and for short waits. */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final long PATIENCE_NANOS = 300_000_000;
  private static final long REDRAW_NANOS = 100_000_000;
  private static final int CELLS = 30;

  private final Console console;
  private final String name;
  private long nextDraw = System.nanoTime() + PATIENCE_NANOS;
  private boolean drawn;

  public ProgressBar(Console console, String name) {
    this.console = console;
    this.name = name;
  }

  @Override
  public void report(String stage, double fraction) {
    long now = System.nanoTime();
    if (!console.errIsTerminal() || now - nextDraw < 0) {
      return;
    }
    nextDraw = now + REDRAW_NANOS;
    drawn = true;
    double share = Math.clamp(fraction, 0, 1);
    int full = (int) (share * CELLS);
    console.status(
        "%s: %s [%s%s] %3d %%"
            .formatted(
                Printable.name(name),
                stage,
                "#".repeat(full),
                " ".repeat(CELLS - full),
                (int) (share * 100)));
  }

  /** Never: Ctrl-C ends the whole process. */
  @Override
  public boolean cancelled() {
    return false;
  }

  /** Makes room for a message. */
  public void wipe() {
    if (drawn) {
      drawn = false;
      console.status("");
    }
  }

  @Override
  public void close() {
    wipe();
  }
}
