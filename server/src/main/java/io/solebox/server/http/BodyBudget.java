package io.solebox.server.http;

import io.solebox.server.http.Counters.Count;

/** The memory that all bodies that are being read may take together. */
final class BodyBudget {
  private final long maxBytes;
  private final Counters counters;
  private long taken;

  BodyBudget(long maxBytes, Counters counters) {
    this.maxBytes = maxBytes;
    this.counters = counters;
  }

  /** What one request has taken, until closed. Owned by one thread. */
  final class Share implements AutoCloseable {
    private long bytes;

    /**
     * Takes more. What is alone may take all there is and more: its own limits bound it.
     *
     * @throws Problem 503 if there is not so much left
     */
    void add(long more) {
      synchronized (BodyBudget.this) {
        boolean alone = taken == bytes;
        if (taken + more > maxBytes && !alone) {
          counters.add(Count.BODIES_REFUSED);
          throw Problem.bodiesInFlight();
        }
        taken += more;
        bytes += more;
      }
    }

    @Override
    public void close() {
      synchronized (BodyBudget.this) {
        taken -= bytes;
        bytes = 0;
      }
    }
  }

  Share open() {
    return new Share();
  }

  synchronized long taken() {
    return taken;
  }
}
