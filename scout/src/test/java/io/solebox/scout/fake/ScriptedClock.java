package io.solebox.scout.fake;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Stands still until a test winds it, in whichever direction. */
public final class ScriptedClock implements InstantSource {
  private volatile Instant now;

  public ScriptedClock(String start) {
    now = Instant.parse(start);
  }

  @Override
  public Instant instant() {
    return now;
  }

  public void wind(Duration by) {
    now = now.plus(by);
  }

  public void set(Instant to) {
    now = to;
  }
}
