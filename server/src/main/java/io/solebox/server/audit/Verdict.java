package io.solebox.server.audit;

import java.util.Optional;

/** What became of a log. */
public sealed interface Verdict {
  /**
   * Every entry is as it was written, in its place, and every head is the box's.
   *
   * @param entries how many there are
   * @param unsigned how many of them, at the end, no head covers: they hold together, but that
   *     nothing behind them was cut off cannot be known
   * @param head the last one
   */
  record Sound(long entries, long unsigned, Optional<Head> head) implements Verdict {}

  /**
   * Somebody has changed it.
   *
   * @param seq the first entry that is not as it was written, or is missing
   * @param what is wrong, a sentence
   */
  record Broken(long seq, String what) implements Verdict {}
}
