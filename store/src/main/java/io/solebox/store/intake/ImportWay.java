package io.solebox.store.intake;

/** How a file that lies elsewhere becomes a blob. */
public enum ImportWay {
  /** A second file that shares the bytes on the disk, on file systems that can. */
  REFLINK,
  /** A second name of the same file, on the same file system. */
  HARDLINK,
  /** A second file. */
  COPY,
  /** The file itself: it is gone from where it was. */
  MOVE
}
