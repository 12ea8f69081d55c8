package io.solebox.scout.run;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.scout.outbox.Pump;
import io.solebox.storage.Database;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The scout at work: a thread for each source and one for the channels, so that none waits for
 * another. It ends when the thread that runs it is interrupted; what was on its way then goes on at
 * the next start.
 */
public final class Scout {
  /** A clock that is set is noticed after so long at the latest. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(1);

  /** After something that should not be: a full disk, a mistake of ours. */
  private static final Duration AFTER_FAILURE = Duration.ofMinutes(1);

  private final List<SourceWork> sources;
  private final List<Chore> chores;
  private final Pump pump;
  private final Database database;
  private final InstantSource clock;
  private final RunListener listener;
  private final Semaphore bell = new Semaphore(0);

  /** Something else that is to be done now and then. */
  @FunctionalInterface
  public interface Chore {
    /**
     * @return when it is to be done again
     */
    Instant run() throws InterruptedException;
  }

  /**
   * @param chores what else is done, each by a thread of its own
   */
  public Scout(
      List<SourceWork> sources,
      List<Chore> chores,
      Pump pump,
      Database database,
      InstantSource clock,
      RunListener listener) {
    this.sources = List.copyOf(sources);
    this.chores = List.copyOf(chores);
    this.pump = pump;
    this.database = database;
    this.clock = clock;
    this.listener = listener;
  }

  /**
   * Asks all sources once, due or not, and brings what is to be told to the channels, as far as
   * they take it now.
   *
   * @throws SoleboxException {@code IN_USE} if another scout does it
   */
  public void once() throws InterruptedException {
    begin();
    for (SourceWork source : sources) {
      source.round();
    }
    Optional<Instant> next = pump.run();
    while (next.isPresent() && !next.get().isAfter(clock.instant())) {
      next = pump.run();
    }
  }

  /**
   * Works until this thread is interrupted.
   *
   * @throws SoleboxException {@code IN_USE} if another scout does it
   */
  public void run() throws InterruptedException {
    begin();
    List<Thread> threads = new ArrayList<>();
    for (SourceWork source : sources) {
      threads.add(
          start(
              source.market(),
              () -> {
                Instant next = source.step();
                bell.release();
                return Optional.of(next);
              }));
    }
    for (Chore chore : chores) {
      threads.add(start("chore", () -> Optional.of(chore.run())));
    }
    try {
      work("channels", pump::run, true);
    } finally {
      threads.forEach(Thread::interrupt);
      for (Thread thread : threads) {
        thread.join();
      }
    }
  }

  private void begin() {
    if (!database.leadership().isOurs()) {
      throw new SoleboxException(
          ErrorCode.IN_USE,
          database.file().toString(),
          "Another scout is at work with what is remembered here.",
          "End that one, or name another folder with --state.");
    }
    sources.forEach(SourceWork::begin);
  }

  /** One piece of work; says when there is more, and nothing where there never is. */
  @FunctionalInterface
  private interface Step {
    Optional<Instant> run() throws InterruptedException;
  }

  private Thread start(String name, Step step) {
    return Thread.ofVirtual()
        .name(name)
        .start(
            () -> {
              try {
                work(name, step, false);
              } catch (InterruptedException e) {
                // it was to end
              }
            });
  }

  private void work(String name, Step step, boolean isRung) throws InterruptedException {
    while (true) {
      Optional<Instant> next;
      try {
        next = step.run();
      } catch (RuntimeException e) { // mistakes of ours, too: the others go on
        listener.failed(name, e);
        next = Optional.of(clock.instant().plus(AFTER_FAILURE));
      } catch (StackOverflowError | OutOfMemoryError e) { // of one answer: no thread ends silently
        listener.failed(name, new IllegalStateException(e.getClass().getSimpleName() + ".", e));
        next = Optional.of(clock.instant().plus(AFTER_FAILURE));
      }
      if (next.isEmpty() && !isRung) {
        return;
      }
      sleep(next, isRung);
    }
  }

  private void sleep(Optional<Instant> next, boolean isRung) throws InterruptedException {
    Duration left = next.map(at -> Duration.between(clock.instant(), at)).orElse(LONGEST_SLEEP);
    long millis = Math.clamp(left.toMillis(), 0, LONGEST_SLEEP.toMillis());
    if (!isRung) {
      Thread.sleep(millis);
    } else if (bell.tryAcquire(millis, TimeUnit.MILLISECONDS)) {
      bell.drainPermits();
    }
  }
}
