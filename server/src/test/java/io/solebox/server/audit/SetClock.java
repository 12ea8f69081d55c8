package io.solebox.server.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that somebody sets, beside time that passes. */
final class SetClock extends Clock {
  private final AtomicLong millis;
  private final AtomicLong nanos = new AtomicLong();

  SetClock(long millis) {
    this.millis = new AtomicLong(millis);
  }

  void pass(Duration time) {
    millis.addAndGet(time.toMillis());
    nanos.addAndGet(time.toNanos());
  }

  /** The clock is set, and no time passes. */
  void jump(Duration by) {
    millis.addAndGet(by.toMillis());
  }

  long nanos() {
    return nanos.get();
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(millis.get());
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return this;
  }
}
