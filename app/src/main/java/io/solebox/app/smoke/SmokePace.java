package io.solebox.app.smoke;

import io.solebox.engine.backend.trial.WalkDepth;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * How much is tried.
 *
 * @param word as in JSON
 * @param burn how long each kind of work goes on
 * @param walk how thoroughly memory is walked
 * @param copy how long each kind of copies goes on
 * @param sums sizes of sums over several cards, in bytes, rising
 */
record SmokePace(String word, Duration burn, WalkDepth walk, Duration copy, List<Long> sums) {
  /** All that shows, in a minute or two. */
  static final SmokePace QUICK =
      new SmokePace(
          "quick",
          Duration.ofSeconds(8),
          WalkDepth.QUICK,
          Duration.ofMillis(500),
          List.of(1L << 10, 1L << 20, 1L << 26));

  /** Long enough for most cards to grow as warm as they will: a minute of each, as DCGM's. */
  static final SmokePace USUAL =
      new SmokePace(
          "usual", Duration.ofSeconds(60), WalkDepth.QUICK, Duration.ofSeconds(2), doubling(4));

  /** For the night. */
  static final SmokePace FULL =
      new SmokePace(
          "full", Duration.ofMinutes(10), WalkDepth.FULL, Duration.ofSeconds(5), doubling(1));

  SmokePace {
    sums = List.copyOf(sums);
  }

  /** From 1 KiB to 256 MiB. */
  private static List<Long> doubling(int times) {
    return Stream.concat(
            Stream.iterate(1L << 10, size -> size < 256L << 20, size -> size << times),
            Stream.of(256L << 20))
        .toList();
  }
}
