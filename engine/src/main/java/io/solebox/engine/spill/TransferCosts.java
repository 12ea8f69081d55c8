package io.solebox.engine.spill;

/** What computing and copying take, and what follows from that. Owned by one engine loop. */
public interface TransferCosts {
  /** A step of so many tokens took so long. */
  void computed(int tokens, long nanos);

  /** So many bytes went from the plan to host memory, or back. */
  void copied(long bytes, long nanos);

  /** So many bytes came from a disk. */
  void read(long bytes, long nanos);

  /**
   * Whether copies are cheaper than computing so many tokens.
   *
   * @param copied bytes, as often as they are
   * @param read those of them that come from a disk
   */
  boolean isCheaper(long copied, long read, int tokens);

  /** Bytes that may be copied from one step to the next, so that nobody waits for them long. */
  long bytesPerStep();
}
