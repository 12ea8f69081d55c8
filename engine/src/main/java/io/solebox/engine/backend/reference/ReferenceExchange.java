package io.solebox.engine.backend.reference;

import io.solebox.engine.backend.Exchange;
import java.util.concurrent.Phaser;

/** Ranks that are threads of one process, and see each other's arrays. */
final class ReferenceExchange implements Exchange {
  /** One rank's place at it. */
  interface Seat {
    /**
     * Adds up the first {@code n} elements of what all ranks have come with, in their order.
     *
     * @throws IllegalStateException where another rank does not come
     */
    void sum(float[] x, int n, float[] out);
  }

  private final float[][] parts; // by rank
  private Phaser meeting;

  ReferenceExchange(int ranks) {
    this.parts = new float[ranks][];
    this.meeting = new Phaser(ranks);
  }

  /** Of a plan that is no rank. */
  static Seat nobody() {
    return (_, _, _) -> {
      throw new IllegalStateException("a rank without the others");
    };
  }

  Seat seat(int rank) {
    return (x, n, out) -> {
      parts[rank] = x;
      meet(); // until all parts are there
      for (int i = 0; i < n; i++) {
        float sum = parts[0][i];
        for (int r = 1; r < parts.length; r++) {
          sum += parts[r][i];
        }
        out[i] = sum;
      }
      meet(); // until all have read them
    };
  }

  private void meet() {
    if (meeting.arriveAndAwaitAdvance() < 0) {
      throw new IllegalStateException("another rank has failed");
    }
  }

  @Override
  public void abort() {
    meeting.forceTermination();
  }

  /** Threads that run a later step see the new one, since they are given that step afterwards. */
  @Override
  public void renew() {
    meeting = new Phaser(parts.length);
  }

  @Override
  public void close() {}
}
