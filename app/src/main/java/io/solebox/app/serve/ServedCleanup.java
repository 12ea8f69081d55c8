package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.session.CleanupNotes;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.library.CleanupTally;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.cleanup.Leaver;
import io.solebox.store.layout.ModelName;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Sees to the clean-up of a store while a server runs: at its start, after each pull and every
 * hour. A thread of its own, which says once which models will leave, and when they have.
 */
final class ServedCleanup implements AutoCloseable {
  private static final Duration PAUSE = Duration.ofHours(1);

  private final Cleanup cleanup;
  private final Console console;
  private final InstantSource clock;
  private final Set<ModelName> said = new HashSet<>(); // of the thread
  private final Semaphore wakes = new Semaphore(1);
  private Optional<Thread> thread = Optional.empty();
  private volatile CleanupTally tally = new CleanupTally(0, 0, 0);

  ServedCleanup(Cleanup cleanup, Console console, InstantSource clock) {
    this.cleanup = cleanup;
    this.console = console;
    this.clock = clock;
  }

  /**
   * @param removed hears of each model that has left
   */
  void start(Consumer<Leaver> removed) {
    thread = Optional.of(Thread.ofVirtual().name("cleanup").start(() -> run(removed)));
  }

  /** Looks again soon; returns at once. */
  void wake() {
    wakes.release();
  }

  /** What came of it until now. */
  CleanupTally tally() {
    return tally;
  }

  private void run(Consumer<Leaver> removed) {
    try {
      while (true) {
        boolean woken = wakes.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
        if (woken) {
          wakes.drainPermits();
        }
        look(clock.instant(), removed);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // closed
    }
  }

  private void look(Instant now, Consumer<Leaver> removed) {
    try {
      Cleanup.Report report = cleanup.run(now);
      report.removed().forEach(removed);
      Map<Leaver, Instant> fresh = new LinkedHashMap<>(report.announced());
      fresh.keySet().removeIf(leaver -> said.contains(leaver.name()));
      CleanupNotes.report(console, new Cleanup.Report(fresh, report.removed()));
      fresh.keySet().forEach(leaver -> said.add(leaver.name()));
      said.retainAll(report.announced().keySet().stream().map(Leaver::name).toList());
      long bytes = report.removed().stream().mapToLong(Leaver::bytes).sum();
      tally =
          new CleanupTally(
              tally.removed() + report.removed().size(),
              tally.freedBytes() + bytes,
              report.announced().size());
    } catch (SoleboxException e) {
      console.error("cleanup: " + e.describe());
    }
  }

  @Override
  public void close() {
    thread.ifPresent(Thread::interrupt);
  }
}
