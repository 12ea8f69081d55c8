package io.solebox.server.batches;

import io.solebox.engine.error.SoleboxException;
import io.solebox.server.files.FileStore;
import io.solebox.server.http.Faults;
import io.solebox.server.http.Problem;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Runs one batch after another, behind everything that people wait for. What goes wrong with one is
 * no reason to keep the others waiting.
 */
final class BatchRunner implements AutoCloseable {
  private static final long LOOK_SECONDS = 5;

  private final BatchStore store;
  private final BatchRun run;
  private final Faults faults;
  private final Semaphore work = new Semaphore(0);
  private final Thread thread;
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
    this.thread = Thread.ofVirtual().name("batches").start(this::run);
  }

  /** There is a new one, or one is to end. */
  void look() {
    work.release();
  }

  private void run() {
    try {
      while (!closed) {
        for (String id : unfinished()) {
          takeOn(id);
        }
        // Other servers with the same folder take batches too.
        work.tryAcquire(LOOK_SECONDS, TimeUnit.SECONDS);
        work.drainPermits();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the server ends; the next one goes on
    }
  }

  private List<String> unfinished() {
    try {
      return store.isOurs() ? store.unfinished() : List.of();
    } catch (RuntimeException e) {
      faults.problem(e, "");
      return List.of();
    }
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
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
