package io.solebox.app.console;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.Printable;

/** Shows on a terminal's stderr how far loading is; silent elsewhere, and for short waits. */
public final class ProgressBar implements Progress, AutoCloseable {
  private static final int CELLS = 30;

  private final StatusLine line;
  private final String name;

  public ProgressBar(Console console, String name) {
    this.line = new StatusLine(console);
    this.name = name;
  }

  @Override
  public void report(String stage, double fraction) {
    line.show(() -> text(stage, Math.clamp(fraction, 0, 1)));
  }

  private String text(String stage, double share) {
    int full = (int) (share * CELLS);
    return "%s: %s [%s%s] %3d %%"
        .formatted(
            Printable.name(name),
            stage,
            "#".repeat(full),
            " ".repeat(CELLS - full),
            (int) (share * 100));
  }

  /** Never: Ctrl-C ends the whole process. */
  @Override
  public boolean cancelled() {
    return false;
  }

  /** Makes room for a message. */
  public void wipe() {
    line.wipe();
  }

  @Override
  public void close() {
    line.close();
  }
}
