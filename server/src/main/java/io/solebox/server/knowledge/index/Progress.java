package io.solebox.server.knowledge.index;

import java.util.Locale;

/**
 * How far a document is.
 *
 * @param done chunks that have their vectors
 * @param total chunks, once it was read; 0 before
 */
public record Progress(Stage stage, int done, int total) {
  /** What is done with it. */
  public enum Stage {
    WAITING,
    READING,
    EMBEDDING;

    /** As JSON has it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Nobody has begun with it. */
  public static final Progress NONE = new Progress(Stage.WAITING, 0, 0);
}
