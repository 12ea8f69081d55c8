package io.solebox.server.http;

import java.time.Duration;
import java.util.Optional;

/**
 * Ends the work of a request that takes longer than any may: by what its handler has registered for
 * that, or else by an interrupt. Made by the thread that handles the request.
 */
final class HandlerDeadline {
  private final Thread handler = Thread.currentThread();
  private final long end;
  private Optional<Runnable> cancel = Optional.empty(); // guarded by this
  private boolean passed; // guarded by this
  private boolean over; // guarded by this

  HandlerDeadline(Duration limit) {
    this.end = System.nanoTime() + limit.toNanos();
  }

  /** Registers how to end the work; close the result when it has ended. */
  synchronized Registration cancelWith(Runnable how) {
    cancel = Optional.of(how);
    if (passed) {
      how.run();
    }
    return this::forget;
  }

  private synchronized void forget() {
    cancel = Optional.empty();
  }

  /** Whether the work was ended. */
  synchronized boolean passed() {
    return passed;
  }

  /** Ends the work if its time is over; from any thread. */
  synchronized void check(long now) {
    if (now - end > 0 && !passed && !over) {
      passed = true;
      cancel.ifPresentOrElse(how -> Thread.ofVirtual().start(how), handler::interrupt);
    }
  }

  /** The handler has returned: what comes now would hit another request of its thread. */
  synchronized void over() {
    over = true;
    if (passed) {
      Thread.interrupted();
    }
  }
}
