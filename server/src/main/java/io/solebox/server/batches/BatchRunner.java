package io.solebox.server.batches;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.batches.Batch.Status;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Runs one batch after another, behind everything that people wait for, and ends meanwhile what is
 * cancelled. What goes wrong with one is no reason to keep the others waiting.
 */
final class BatchRunner implements AutoCloseable {
  private static final long LOOK_SECONDS = 5;

  private final BatchStore store;
  private final BatchRun run;
  private final Faults faults;
  private final Semaphore work = new Semaphore(0);
  private final Semaphore ends = new Semaphore(0);
  private final Set<String> taken = ConcurrentHashMap.newKeySet(); // by one of the threads
  private final List<Thread> threads;
  private volatile boolean closed;

  BatchRunner(
      BatchStore store,
      FileStore files,
      BatchLines lines,
      int maxLineBytes,
      Faults faults,
      Clock clock) {
    this.store = store;
    this.faults = faults;
    this.run = new BatchRun(store, files, lines, maxLineBytes, faults, clock, () -> closed);
    this.threads =
        List.of(
            Thread.ofVirtual().name("batches").start(() -> run(work, this::unfinished)),
            Thread.ofVirtual().name("batches-end").start(() -> run(ends, this::cancelled)));
  }

  /** There is a new one, or one is to end. */
  void look() {
    work.release();
    ends.release();
  }

  private void run(Semaphore looks, Supplier<List<String>> batches) {
    try {
      while (!closed) {
        for (String id : found(batches)) {
          if (taken.add(id)) {
            try {
              takeOn(id);
            } finally {
              taken.remove(id);
            }
          }
        }
        // Other servers with the same folder take batches too.
        looks.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
        looks.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; the next one goes on
    }
  }

  private List<String> unfinished() {
    return store.isOurs() ? store.unfinished() : List.of();
  }

  private List<String> found(Supplier<List<String>> batches) {
    try {
      return batches.get();
    } catch (RuntimeException e) {
      faults.problem(e, "");
      return List.of();
    }
  }

  /** They need not wait until those before them have their answers. */
  private List<String> cancelled() {
    return unfinished().stream()
        .filter(id -> store.find(id).stream().anyMatch(b -> b.status() == Status.CANCELLING))
        .toList();
  }

  /**
   * What cannot be read or written now is logged and tried again: a full disk may have room later.
   * Whatever else goes wrong would do so again, and ends the batch.
   */
  private void takeOn(String id) throws InterruptedException {
    try {
      run.go(id);
    } catch (SoleboxException e) {
      faults.problem(e, "");
    } catch (RuntimeException | Error e) {
      fail(id, faults.problem(e, ""));
    }
  }

  private void fail(String id, Problem problem) {
    try {
      run.fail(id, problem);
    } catch (RuntimeException e) {
      faults.problem(e, "");
    }
  }

  @Override
  public void close() {
    closed = true;
    threads.forEach(Thread::interrupt);
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
