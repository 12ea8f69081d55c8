package io.solebox.server.hardware;

import io.solebox.hardware.telemetry.Sampler;
import io.solebox.server.http.Faults;
import io.solebox.storage.Database;
import io.solebox.storage.Leadership;
import java.time.Clock;
import java.time.Duration;
import java.util.List;

/**
 * Writes what is measured to the database each minute, in a thread of its own: a sampler waits for
 * no disk. A server that is killed loses a minute. Of several servers with one folder one does it.
 */
final class HistoryWriter implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofMinutes(1);
  private static final int ROUNDS_TO_THIN = 60;

  private final HardwareHistory history;
  private final Leadership leadership;
  private final Clock clock;
  private final Faults faults;
  private final Moments moments = new Moments();
  private final Sampler.Subscription subscription;
  private final Thread thread;

  HistoryWriter(Sampler sampler, Database database, Clock clock, Faults faults) {
    this.history = new HardwareHistory(database);
    this.leadership = database.leadership();
    this.clock = clock;
    this.faults = faults;
    this.subscription = sampler.subscribe(moments::add);
    this.thread = Thread.ofVirtual().name("hardware-history").start(this::run);
  }

  private void run() {
    int rounds = 0;
    try {
      while (true) {
        write(moments.take(), rounds % ROUNDS_TO_THIN == 0);
        rounds++;
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      write(moments.takeAll(), false); // closed
    }
  }

  private void write(List<Moments.Moment> taken, boolean thin) {
    try {
      if (leadership.isOurs()) {
        if (!taken.isEmpty()) {
          history.add(taken);
        }
        if (thin) {
          history.thin(clock.instant().getEpochSecond());
        }
      }
    } catch (RuntimeException e) {
      faults.problem(e, ""); // to the log; in a minute there may be room, or the disk be back
    }
  }

  /** Writes what there is. */
  @Override
  public void close() {
    subscription.close();
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
