package io.solebox.app.update.file;

import io.solebox.store.blob.Digest;

/**
 * A part of an update, which lies in it as it will lie on the disk.
 *
 * @param kind what it is
 * @param bytes how long it is
 * @param digest of what it holds
 */
public record Part(Kind kind, long bytes, Digest digest) {
  /** What there is in an update, in this order. */
  public enum Kind {
    /** The file system of a slot. */
    ROOT("root"),
    /** The unified kernel image that starts it. */
    KERNEL("kernel");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
