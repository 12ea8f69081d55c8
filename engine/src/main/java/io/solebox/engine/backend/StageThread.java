package io.solebox.engine.backend;

import java.util.concurrent.LinkedBlockingDeque;

/**
 * The thread of one stage, which alone runs its plan while steps are under way: parts of steps in
 * the order in which they come, and before the next of them whatever else is asked of the plan.
 */
final class StageThread implements AutoCloseable {
  private final LinkedBlockingDeque<Runnable> tasks = new LinkedBlockingDeque<>();
  private final Thread thread;
  private volatile boolean closed;

  StageThread(int stage) {
    thread = Thread.ofPlatform().name("stage-" + stage).daemon().start(this::work);
  }

  private void work() {
    while (!closed || !tasks.isEmpty()) {
      try {
        tasks.take().run();
      } catch (InterruptedException e) {
        // Nobody has a reason to interrupt this thread; closing is how it ends.
      }
    }
  }

  /** Queues a part of a step, which says itself what became of it. */
  void add(Runnable part) {
    tasks.addLast(part);
  }

  /** Has something done before the next part. */
  Underway ask(Runnable work) {
    var underway = new Underway();
    tasks.addFirst(
        () -> {
          try {
            work.run();
            underway.end();
          } catch (Throwable e) {
            underway.fail(e);
          }
        });
    return underway;
  }

  /** Ends the thread, behind what is queued. */
  @Override
  public void close() {
    add(() -> closed = true);
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
