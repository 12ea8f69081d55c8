package io.solebox.store.layout;

import java.nio.file.Path;

/**
 * What nothing names any more.
 *
 * @param what for people
 * @param bytes that its removal frees
 */
public record Garbage(Kind kind, String what, Path path, long bytes) {
  /** Why it is garbage. */
  public enum Kind {
    /** A generation beyond those that are kept of each name. */
    OLD_GENERATION,
    /** The folder of a name that was never finished. */
    UNFINISHED_NAME,
    /** Half a download or import that nobody has touched for two weeks. */
    EXPIRED_PARTIAL,
    /** Links for a manifest that is gone, or a note when it was used. */
    VIEW,
    /** A file of no model. */
    BLOB
  }
}
