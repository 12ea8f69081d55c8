package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.StatusLine;
import java.time.Duration;

/** How far the chunks are, what the estimate is by now, and how long the rest takes. */
final class ChunkProgress implements AutoCloseable {
  private static final int CELLS = 20;

  private final StatusLine line;
  private final int chunks;
  private final long start = System.nanoTime();

  ChunkProgress(Console console, int chunks) {
    this.line = new StatusLine(console);
    this.chunks = chunks;
  }

  /**
   * @param done chunks, at least one
   */
  void show(int done, Curve curve) {
    line.show(
        () ->
            "chunk %d/%d  %s  %s  %s"
                .formatted(done, chunks, curve.latest(), curve.sparkline(CELLS), rest(done)));
  }

  private String rest(int done) {
    double each = (System.nanoTime() - start) / (double) done;
    var left = Duration.ofNanos((long) (each * (chunks - done)));
    return left.toMinutes() > 0
        ? left.toMinutes() + " min left"
        : Math.max(1, left.toSeconds()) + " s left";
  }

  @Override
  public void close() {
    line.close();
  }
}
