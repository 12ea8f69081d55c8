package io.solebox.server.http;

import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The requests that are being answered, so that a stop can wait for them and then end them. */
public final class InFlight {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Set<Runnable> cancels = new HashSet<>();
  private int requests;
  private boolean draining;
  private boolean cancelled;

  /**
   * Counts a request until the result is closed.
   *
   * @throws Problem 503 once {@link #drain} was called
   */
  Registration begin() {
    lock.lock();
    try {
      if (draining) {
        throw Problem.draining();
      }
      requests++;
    } finally {
      lock.unlock();
    }
    return this::end;
  }

  private void end() {
    lock.lock();
    try {
      requests--;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Registers how to end a long answer; close the result when it has ended. */
  Registration cancelWith(Runnable cancel) {
    lock.lock();
    try {
      cancels.add(cancel);
      if (cancelled) {
        cancel.run();
      }
    } finally {
      lock.unlock();
    }
    return () -> forget(cancel);
  }

  private void forget(Runnable cancel) {
    lock.lock();
    try {
      cancels.remove(cancel);
    } finally {
      lock.unlock();
    }
  }

  /** Whether the server prepares its end. */
  public boolean draining() {
    lock.lock();
    try {
      return draining;
    } finally {
      lock.unlock();
    }
  }

  /** Refuses new requests and waits until the running ones have ended, or for {@code limit}. */
  void drain(Duration limit) throws InterruptedException {
    lock.lock();
    try {
      draining = true;
      long nanos = limit.toNanos();
      while (requests > 0 && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Ends the answers that still run, and waits a little for their last words to be written. */
  void cancel() throws InterruptedException {
    lock.lock();
    try {
      draining = true;
      cancelled = true;
      cancels.forEach(Runnable::run);
      long nanos = TimeUnit.SECONDS.toNanos(1);
      while (requests > 0 && nanos > 0) {
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }
}
