package io.solebox.server.answers;

import io.solebox.server.http.ClientGoneException;
import io.solebox.server.http.Exchange;
import io.solebox.server.http.Problem;
import io.solebox.server.http.Registration;

/**
 * Work of a request that an interrupt ends. It is interrupted when nobody waits for it any more,
 * and never when it is over. One object per request.
 */
public final class WatchedWork {
  /** What is done. */
  @FunctionalInterface
  public interface Work<T> {
    T run() throws InterruptedException;
  }

  private final Thread worker = Thread.currentThread();
  private boolean cancelled; // guarded by this
  private boolean over; // guarded by this

  private WatchedWork() {}

  /**
   * Does it in this thread.
   *
   * @throws ClientGoneException if the client has left
   * @throws Problem 503 if the server ends, or the request takes too long
   */
  public static <T> T run(Exchange exchange, Work<T> work) throws InterruptedException {
    WatchedWork watched = new WatchedWork();
    try (Registration _ = exchange.cancelWith(watched::cancel)) {
      T result = work.run();
      if (watched.end()) {
        throw exchange.cancelled();
      }
      return result;
    } catch (InterruptedException e) {
      if (watched.end()) {
        throw exchange.cancelled();
      }
      throw e;
    } finally {
      watched.end();
    }
  }

  private synchronized void cancel() {
    if (!over && !cancelled) {
      cancelled = true;
      worker.interrupt();
    }
  }

  /** Whether it was cancelled before it was over. */
  private synchronized boolean end() {
    over = true;
    if (cancelled) {
      Thread.interrupted(); // it may have come behind the last wait
    }
    return cancelled;
  }
}
