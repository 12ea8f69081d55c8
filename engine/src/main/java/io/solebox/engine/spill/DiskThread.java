package io.solebox.engine.spill;

import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Does what waits for a disk, one after the other, on a thread of its own, so that no step does.
 *
 * @param <T> what becomes of a piece of work, which throws nothing
 */
final class DiskThread<T> implements AutoCloseable {
  private static final int PATIENCE_SECONDS = 2;

  private final BlockingQueue<Optional<Supplier<T>>> wanted; // empty to end
  private final BlockingQueue<T> done = new LinkedBlockingQueue<>();
  private final Thread thread;

  /**
   * Starts it.
   *
   * @param most pieces of work that may wait
   */
  DiskThread(String name, int most) {
    this.wanted = new ArrayBlockingQueue<>(most);
    this.thread = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** Wishes for something to be done; false where too much waits already. */
  boolean offer(Supplier<T> work) {
    return wanted.offer(Optional.of(work));
  }

  /** One that is done, if there is any. */
  Optional<T> next() {
    return Optional.ofNullable(done.poll());
  }

  /** The same, waiting for it as long as a disk may take. */
  Optional<T> await() throws InterruptedException {
    return Optional.ofNullable(done.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private void run() {
    try {
      Optional<Supplier<T>> work = wanted.take();
      while (work.isPresent()) {
        done.add(work.get().get());
        work = wanted.take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Drops what waits, and waits for what is being done. */
  @Override
  public void close() {
    boolean interrupted = false;
    wanted.clear();
    while (thread.isAlive()) {
      try {
        wanted.put(Optional.empty());
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
