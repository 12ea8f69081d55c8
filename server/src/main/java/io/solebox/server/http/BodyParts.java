package io.solebox.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;

/**
 * The parts of one request's body, which can be waited for, but not forever. Owned by one thread.
 */
final class BodyParts {
  /** Between two parts of a file, which may take as long as it likes as long as it comes. */
  private static final Duration SILENCE = Duration.ofSeconds(30);

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

  /** Does something with a part, which is released afterwards. */
  @FunctionalInterface
  interface Taker {
    void take(Content.Chunk chunk) throws InterruptedException, IOException;
  }

  /**
   * Takes one part after the other, to the end.
   *
   * @param maxBytes of all of them
   * @throws Problem 408, 413
   * @throws ClientGoneException if the body breaks off
   */
  void takeAll(long maxBytes, Taker taker) throws InterruptedException, IOException {
    long left = maxBytes;
    boolean last = false;
    while (!last) {
      Content.Chunk chunk =
          next(System.nanoTime() + SILENCE.toNanos()).orElseThrow(Problem::tooSlow);
      if (Content.Chunk.isFailure(chunk)) {
        throw new ClientGoneException();
      }
      try {
        last = chunk.isLast();
        left -= chunk.remaining();
        if (left < 0) {
          throw Problem.tooLarge(maxBytes);
        }
        taker.take(chunk);
      } finally {
        chunk.release();
      }
    }
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
