package io.solebox.server;

import io.solebox.server.http.Faults;
import io.solebox.server.storage.Deadlines;
import io.solebox.server.storage.Expiry;
import io.solebox.server.storage.Keeping;
import io.solebox.storage.Leadership;
import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Deletes what was kept for long enough, at the start and every hour, in a thread of its own. Of
 * several servers with one folder one does it.
 */
final class Retention implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofHours(1);

  private final Leadership leadership;
  private final List<Expiry> expiries;
  private final Optional<Duration> age;
  private final Keeping keeping;
  private final Clock clock;
  private final Faults faults;
  private final PrintStream log;
  private final Thread thread;

  /**
   * Begins.
   *
   * @param age after which things go; empty where they stay
   * @param keeping after which those of an owner go, where that is sooner
   * @param log hears how many went
   */
  Retention(
      Leadership leadership,
      List<Expiry> expiries,
      Optional<Duration> age,
      Keeping keeping,
      Clock clock,
      Faults faults,
      PrintStream log) {
    this.leadership = leadership;
    this.expiries = List.copyOf(expiries);
    this.age = age;
    this.keeping = keeping;
    this.clock = clock;
    this.faults = faults;
    this.log = log;
    this.thread = Thread.ofVirtual().name("retention").start(this::run);
  }

  private void run() {
    try {
      while (true) {
        sweep();
        Thread.sleep(PAUSE);
      }
    } catch (InterruptedException e) {
      // closed
    }
  }

  private void sweep() {
    try {
      if (leadership.isOurs()) {
        long now = clock.instant().getEpochSecond();
        Deadlines deadlines = new Deadlines(now, age, keeping);
        Map<String, Integer> gone = new TreeMap<>();
        expiries.forEach(expiry -> gone.putAll(expired(expiry, deadlines)));
        report(gone);
      }
    } catch (RuntimeException e) {
      tell(e);
    }
  }

  /** What goes wrong with one kind of things is no reason to keep the others. */
  private Map<String, Integer> expired(Expiry expiry, Deadlines deadlines) {
    try {
      return expiry.expire(deadlines, this::tell);
    } catch (RuntimeException e) {
      tell(e);
      return Map.of();
    }
  }

  private void tell(RuntimeException e) {
    faults.problem(e, ""); // to the log; in an hour there may be room, or the disk be back
  }

  private void report(Map<String, Integer> gone) {
    String counts =
        gone.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    if (!counts.isEmpty()) {
      log.println("Deleted, since they were kept for long enough: " + counts + ".");
    }
  }

  /** Waits for a sweep that runs. */
  @Override
  public void close() {
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
