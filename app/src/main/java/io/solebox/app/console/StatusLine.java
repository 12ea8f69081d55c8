package io.solebox.app.console;

import java.util.function.Supplier;

/**
 * One line on a terminal's stderr that is replaced as work goes on; silent elsewhere, and for short
 * waits.
 */
public final class StatusLine implements AutoCloseable {
  private static final long PATIENCE_NANOS = 300_000_000;
  private static final long REDRAW_NANOS = 100_000_000;

  private final Console console;
  private long nextDraw = System.nanoTime() + PATIENCE_NANOS;
  private boolean drawn;

  public StatusLine(Console console) {
    this.console = console;
  }

  /**
   * @param text asked for only when it is shown
   */
  public void show(Supplier<String> text) {
    long now = System.nanoTime();
    if (!console.errIsTerminal() || now - nextDraw < 0) {
      return;
    }
    nextDraw = now + REDRAW_NANOS;
    drawn = true;
    console.status(text.get());
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
