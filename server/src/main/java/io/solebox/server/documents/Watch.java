package io.solebox.server.documents;

import java.time.Duration;
import java.util.Optional;

/** Does something when something else has not happened in time. Safe for many threads. */
final class Watch implements AutoCloseable {
  private final Runnable then;
  private Optional<Long> deadline = Optional.empty();
  private boolean late;
  private boolean closed;

  /**
   * @param then is run once, by a thread of its own
   */
  Watch(Runnable then) {
    this.then = then;
    Thread.ofVirtual().name("reader-watch").start(this::watch);
  }

  /** From now on. */
  synchronized void within(Duration time) {
    deadline = Optional.of(System.nanoTime() + time.toNanos());
    notifyAll();
  }

  /** Anything may take as long as it likes. */
  synchronized void rest() {
    deadline = Optional.empty();
    notifyAll();
  }

  /** Whether it was too late once. */
  synchronized boolean isLate() {
    return late;
  }

  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  private void watch() {
    if (waitUntilLate()) {
      then.run();
    }
  }

  private synchronized boolean waitUntilLate() {
    try {
      while (!closed && !late) {
        if (deadline.isEmpty()) {
          wait();
        } else {
          long millis = (deadline.get() - System.nanoTime()) / 1_000_000;
          late = millis <= 0;
          if (!late) {
            wait(millis);
          }
        }
      }
    } catch (InterruptedException e) {
      return false; // nobody has its thread
    }
    return late && !closed;
  }
}
