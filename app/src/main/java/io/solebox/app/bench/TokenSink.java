package io.solebox.app.bench;

/** Hears of the tokens of a stream as they come. */
@FunctionalInterface
interface TokenSink {
  /**
   * @param nanos when it was there, by {@link System#nanoTime}
   */
  void token(long nanos);
}
