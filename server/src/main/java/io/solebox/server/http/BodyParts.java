package io.solebox.server.http;

import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The parts of one request's body, which can be waited for, but not forever. Owned by one thread.
 */
final class BodyParts {
  private final Request request;
  private final Semaphore available = new Semaphore(0);

  /** Whether Jetty was asked to tell when there is more; it takes no second question. */
  private boolean asked;

  BodyParts(Request request) {
    this.request = request;
  }

  Request request() {
    return request;
  }

  /**
   * The next part; empty when the deadline passes first.
   *
   * @param deadline as {@link System#nanoTime()} has it
   */
  Optional<Content.Chunk> next(long deadline) throws InterruptedException {
    while (true) {
      Content.Chunk chunk = asked ? null : request.read();
      if (chunk != null) {
        return Optional.of(chunk);
      }
      if (!asked) {
        asked = true;
        request.demand(available::release);
      }
      if (!available.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS)) {
        return Optional.empty();
      }
      asked = false;
    }
  }
}
