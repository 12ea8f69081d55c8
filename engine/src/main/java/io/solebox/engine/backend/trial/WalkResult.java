package io.solebox.engine.backend.trial;

import java.time.Duration;
import java.util.List;

/**
 * What a walk through a device's memory found.
 *
 * @param elapsed all of it
 * @param testedBytes that patterns were written to and read from
 * @param untestedBytes of the device's memory: what others have, and what was left to the driver
 * @param patterns that were written and read back over all of the tested bytes, for people
 * @param bytesPerSecond written and read, over all patterns; 0 where none was finished
 * @param wrongWords reads of words that were wrong, over all patterns
 * @param wrongBits every bit that was wrong in any of them
 * @param first some of the wrong words, those found first
 * @param stopped before all patterns were done
 */
public record WalkResult(
    Duration elapsed,
    long testedBytes,
    long untestedBytes,
    List<String> patterns,
    double bytesPerSecond,
    long wrongWords,
    int wrongBits,
    List<WrongWord> first,
    boolean stopped) {
  /** How many wrong words a result names. */
  public static final int MOST_NAMED = 16;

  public WalkResult {
    patterns = List.copyOf(patterns);
    first = List.copyOf(first);
  }
}
