package io.solebox.engine.schedule;

import io.solebox.engine.generation.Generation;
import java.util.concurrent.LinkedBlockingQueue;

/** The queue between the engine loop, which puts and never waits, and one reader. */
final class QueuedGeneration implements Generation {
  private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>();
  private final Runnable wakeLoop;
  private volatile boolean closed;
  private boolean ended; // the reader's own

  /**
   * @param wakeLoop makes an idle loop look at cancellations
   */
  QueuedGeneration(Runnable wakeLoop) {
    this.wakeLoop = wakeLoop;
  }

  void put(Event event) {
    events.add(event);
  }

  boolean isClosed() {
    return closed;
  }

  @Override
  public Event next() throws InterruptedException {
    if (ended) {
      throw new IllegalStateException("the generation has ended");
    }
    Event event = events.take();
    ended =
        switch (event) {
          case Queued _, Prefilling _, Token _ -> false;
          case End _, Failed _ -> true;
        };
    return event;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      wakeLoop.run();
    }
  }
}
