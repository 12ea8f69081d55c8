package io.solebox.engine.schedule;

import io.solebox.engine.generation.Pace;

/**
 * Holds steps to a pace: smaller ones, and a rest behind each, so that a device draws and heats
 * less on average. Answers stay what they are. Owned by the engine loop.
 */
final class Pacing {
  /** However slow, somebody who waits sees that it goes on. */
  private static final long LONGEST_REST_NANOS = 1_000_000_000L;

  private final Pace pace;
  private long restEnd;
  private boolean rests;

  Pacing(Pace pace) {
    this.pace = pace;
  }

  /** What a step may take of a budget: some, if that is any. */
  int tokens(int budget) {
    return Math.min(budget, Math.max(1, (int) (budget * share())));
  }

  /** A step has ended that took so long, besides those that ended before it. */
  void ran(long nanos, long now) {
    double share = share();
    double rest = Math.min(LONGEST_REST_NANOS, nanos * (1 / share - 1));
    // Where it was still under way when a rest began, its time was none.
    long begin = rests && restEnd + nanos - now > 0 ? restEnd + nanos : now;
    rests = share < 1;
    restEnd = begin + (long) rest;
  }

  /** How long the device is still to rest; 0 where the next step may begin. */
  long restNanos(long now) {
    rests = rests && restEnd - now > 0 && share() < 1;
    return rests ? restEnd - now : 0;
  }

  private double share() {
    return Math.clamp(pace.share(), 0.01, 1);
  }
}
