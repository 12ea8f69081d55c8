package io.solebox.store.pull.transfer;

/** Hears how far the transfer of one file is. Called from many threads. */
public interface TransferProgress {
  /**
   * @param bytes that are here now; fewer than before where some had to be thrown away
   */
  void bytes(long bytes);

  /** Something that a person should know: waits, faults, and what is done about them. */
  void note(String text);
}
