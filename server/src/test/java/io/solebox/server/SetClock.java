package io.solebox.server;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that somebody sets, beside time that passes. */
public final class SetClock extends Clock {
  private final AtomicLong millis;
  private final AtomicLong nanos = new AtomicLong();

  public SetClock(long millis) {
    this.millis = new AtomicLong(millis);
  }

  public void pass(Duration time) {
    millis.addAndGet(time.toMillis());
    nanos.addAndGet(time.toNanos());
  }

  /** The clock is set, and no time passes. */
  public void jump(Duration by) {
    millis.addAndGet(by.toMillis());
  }

  public long nanos() {
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
