package io.solebox.store.pull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How fast something grows: over the last ten seconds of monotonic time. */
final class Speed {
  private static final long WINDOW_NANOS = 10_000_000_000L;
  private static final long STEP_NANOS = 200_000_000;

  private record Sample(long nanos, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();

  void add(long nanos, long bytes) {
    if (samples.isEmpty() || nanos - samples.peekLast().nanos() >= STEP_NANOS) {
      samples.addLast(new Sample(nanos, bytes));
    }
    while (samples.size() > 2 && nanos - samples.peekFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  /** 0 where nothing grew, or nothing is known yet. */
  long bytesPerSecond() {
    if (samples.size() < 2) {
      return 0;
    }
    Sample first = samples.peekFirst();
    Sample last = samples.peekLast();
    double seconds = (last.nanos() - first.nanos()) / 1e9;
    return Math.max(0, Math.round((last.bytes() - first.bytes()) / seconds));
  }

  /** How long it takes for so many more. */
  Optional<Duration> rest(long bytes) {
    long rate = bytesPerSecond();
    return rate == 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds(Math.ceilDiv(bytes, rate)));
  }
}
