package io.solebox.server.audit;

import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * When entries are written. In the chain time never goes back; where this machine's clock does, or
 * jumps ahead, the entry that notices says so. Safe for many threads.
 */
final class AuditTime {
  /** What a clock may be set by without a word, as by its time server. */
  private static final Duration QUIET = Duration.ofSeconds(5);

  private final Clock clock;
  private final LongSupplier nanos;
  private long seenMillis; // guarded by this, as the next
  private long seenNanos;

  /**
   * @param nanos that only grow, as {@link System#nanoTime()}
   */
  AuditTime(Clock clock, LongSupplier nanos) {
    this.clock = clock;
    this.nanos = nanos;
    this.seenMillis = clock.millis();
    this.seenNanos = nanos.getAsLong();
  }

  /**
   * @param at milliseconds since 1970
   * @param jump of the clock, for people
   */
  record Stamp(long at, Optional<String> jump) {}

  /**
   * Now, or the time of the entry before where that is later.
   *
   * @param before milliseconds since 1970
   */
  synchronized Stamp after(long before) {
    long now = now();
    long passed = Duration.ofNanos(nanos.getAsLong() - seenNanos).toMillis();
    long ahead = now - seenMillis - passed;
    seenMillis = now;
    seenNanos = nanos.getAsLong();
    if (before - now > QUIET.toMillis()) {
      return new Stamp(
          before, Optional.of("is %s behind the entry before".formatted(seconds(before - now))));
    }
    Optional<String> jump =
        Math.abs(ahead) <= QUIET.toMillis()
            ? Optional.empty()
            : Optional.of(
                "went %s by %s".formatted(ahead > 0 ? "ahead" : "back", seconds(Math.abs(ahead))));
    return new Stamp(Math.max(before, now), jump);
  }

  long now() {
    return clock.millis();
  }

  private static String seconds(long millis) {
    return Duration.ofMillis(millis).toSeconds() + " s";
  }
}
