package io.solebox.server.batches;

import java.util.ArrayList;
import java.util.List;

/** The threads of a batch's lines. Owned by one thread. */
final class LineThreads {
  private final List<Thread> threads = new ArrayList<>();

  void start(Runnable line) {
    threads.removeIf(thread -> !thread.isAlive());
    threads.add(Thread.ofVirtual().name("batch-line").start(line));
  }

  /** Waits for all to end, for so long; returns whether they have. */
  boolean join(long millis) throws InterruptedException {
    long end = System.nanoTime() + millis * 1_000_000;
    for (Thread thread : threads) {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left > 0) {
        thread.join(left);
      }
    }
    return threads.stream().noneMatch(Thread::isAlive);
  }

  void interrupt() {
    threads.forEach(Thread::interrupt);
  }

  /** Waits for all to end, whatever comes. */
  void joinAll() {
    boolean interrupted = false;
    for (Thread thread : threads) {
      while (thread.isAlive()) {
        try {
          thread.join();
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
