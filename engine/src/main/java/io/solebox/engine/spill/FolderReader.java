package io.solebox.engine.spill;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Reads from a {@link PrefixFolder} on a thread of its own, so that no step waits for a disk. */
final class FolderReader implements AutoCloseable {
  /** Files that may be wished for at once. */
  private static final int MOST = 16;

  private static final int PATIENCE_SECONDS = 2;

  private sealed interface Wish {
    record File(SpillKey key, MemorySegment to) implements Wish {}

    record Stop() implements Wish {}
  }

  /**
   * What became of a wish.
   *
   * @param isWhole whether it is all there
   */
  record Read(SpillKey key, boolean isWhole, long bytes, long nanos) {}

  private final PrefixFolder folder;
  private final BlockingQueue<Wish> wishes = new ArrayBlockingQueue<>(MOST);
  private final BlockingQueue<Read> done = new LinkedBlockingQueue<>();
  private final Thread thread;

  FolderReader(PrefixFolder folder) {
    this.folder = folder;
    this.thread = Thread.ofPlatform().name("kv-reader").daemon().start(this::run);
  }

  /** Wishes for a file; false where too many are wished for. */
  boolean wish(SpillKey key, MemorySegment to) {
    return wishes.offer(new Wish.File(key, to));
  }

  /** One that was read, if there is any. */
  Optional<Read> next() {
    return Optional.ofNullable(done.poll());
  }

  /** The same, waiting for it as long as a file may take. */
  Optional<Read> await() throws InterruptedException {
    return Optional.ofNullable(done.poll(PATIENCE_SECONDS, TimeUnit.SECONDS));
  }

  private void run() {
    try {
      while (wishes.take() instanceof Wish.File(var key, var to)) {
        long begin = System.nanoTime();
        boolean isWhole = isRead(key, to);
        done.add(new Read(key, isWhole, to.byteSize(), System.nanoTime() - begin));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isRead(SpillKey key, MemorySegment to) {
    try {
      return folder.read(key, to);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      return false; // counted by who wished for it, and computed again
    }
  }

  /** Waits until nothing is read any more. */
  @Override
  public void close() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        wishes.put(new Wish.Stop());
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
