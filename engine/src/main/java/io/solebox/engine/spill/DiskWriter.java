package io.solebox.engine.spill;

import io.solebox.engine.generation.SpillStats.Traffic;
import java.io.IOException;
import java.util.Optional;

/**
 * Copies what lies in host memory to a {@link SpillFile} before it has to leave, on a thread of its
 * own. Owned by one engine loop.
 */
final class DiskWriter implements AutoCloseable {
  /** Pieces that may wait for the disk at once. */
  private static final int MOST = 64;

  private enum Outcome {
    WRITTEN,
    /** No room, or it is not wanted any more. */
    LEFT_OUT,
    FAILED
  }

  private record Written(HostTier.Entry entry, Outcome outcome, long nanos) {}

  private final SpillFile file;
  private final HostTier host;
  private final DiskThread<Written> thread = new DiskThread<>("kv-writer", MOST);
  private int waiting;
  private long failures;
  private Traffic written = Traffic.NONE;

  /**
   * @param file closed by the caller, after this
   * @param host closed by the caller, after this
   */
  DiskWriter(SpillFile file, HostTier host) {
    this.file = file;
    this.host = host;
  }

  SpillFile file() {
    return file;
  }

  /** Takes what was written, and begins with what should be next. */
  void advance(TransferCosts costs) {
    for (Optional<Written> next = thread.next(); next.isPresent(); next = thread.next()) {
      take(next.get(), costs);
    }
    while (waiting < MOST) {
      Optional<HostTier.Entry> oldest = host.lend();
      if (oldest.isEmpty()) {
        return;
      }
      boolean isTaken = thread.offer(() -> write(oldest.get()));
      assert isTaken : "no more wait than may";
      waiting++;
    }
  }

  private Written write(HostTier.Entry entry) {
    long begin = System.nanoTime();
    Outcome outcome;
    try {
      outcome = file.write(entry.key(), entry.bytes()) ? Outcome.WRITTEN : Outcome.LEFT_OUT;
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      outcome = Outcome.FAILED; // the file has said so; counted by the loop
    }
    return new Written(entry, outcome, System.nanoTime() - begin);
  }

  private void take(Written done, TransferCosts costs) {
    waiting--;
    long bytes = done.entry().bytes().byteSize();
    switch (done.outcome()) {
      case WRITTEN -> {
        costs.wrote(bytes, done.nanos());
        written = written.plus(bytes);
      }
      case LEFT_OUT -> {}
      case FAILED -> failures++;
    }
    host.giveBack(done.entry(), done.outcome() == Outcome.WRITTEN);
  }

  long failures() {
    return failures;
  }

  /** What went to the disk. */
  Traffic traffic() {
    return written;
  }

  /** Waits for what is being written; the rest is not. */
  @Override
  public void close() {
    thread.close();
  }
}
