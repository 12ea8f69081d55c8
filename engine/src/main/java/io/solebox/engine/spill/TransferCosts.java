package io.solebox.engine.spill;

/**
 * What computing and copying take, and what follows from that. Of one that measures nothing,
 * everything is worth copying. Owned by one engine loop.
 */
public interface TransferCosts {
  /**
   * Bytes that go from one place to another.
   *
   * @param copied between the plan and host memory, as often as they are
   * @param read those of them that come from a disk
   * @param written those of them that have to go there first
   */
  record Transfer(long copied, long read, long written) {}

  /** Bytes that may be copied from one step to the next, so that nobody waits for them long. */
  long bytesPerStep();

  /** A step of so many tokens took so long. */
  default void computed(int tokens, long nanos) {}

  /** So many bytes went from the plan to host memory, or back. */
  default void copied(long bytes, long nanos) {}

  /** So many bytes came from a disk. */
  default void read(long bytes, long nanos) {}

  /** So many bytes went to a disk. */
  default void wrote(long bytes, long nanos) {}

  /** Whether a transfer is cheaper than computing so many tokens. */
  default boolean isCheaper(Transfer transfer, int tokens) {
    return true;
  }
}
