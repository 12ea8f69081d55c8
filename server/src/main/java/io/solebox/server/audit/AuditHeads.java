package io.solebox.server.audit;

import io.solebox.server.http.Faults;
import java.time.Duration;

/** Signs the log of a running server, daily and at its end, in a thread of its own. */
public final class AuditHeads implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(10);

  private final AuditLog log;
  private final Faults faults;
  private final Thread thread;

  /** Begins. */
  public AuditHeads(AuditLog log, Faults faults) {
    this.log = log;
    this.faults = faults;
    this.thread = Thread.ofVirtual().name("audit-heads").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        attempt(log::signDaily);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  /** A full disk is told, and tried again. */
  private void attempt(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      faults.problem(e, "");
    }
  }

  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    attempt(log::sign);
  }
}
