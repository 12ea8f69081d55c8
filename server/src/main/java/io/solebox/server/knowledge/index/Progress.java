package io.solebox.server.knowledge.index;

import java.util.Locale;
import java.util.Optional;

/**
 * How far a document is.
 *
 * @param done chunks that have their vectors
 * @param total chunks, once it was read; 0 before
 * @param why it waits, for people; empty where it is only its turn that it waits for
 */
public record Progress(Stage stage, int done, int total, Optional<String> why) {
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
  public static final Progress NONE = new Progress(Stage.WAITING, 0, 0, Optional.empty());

  static Progress of(Stage stage, int done, int total) {
    return new Progress(stage, done, total, Optional.empty());
  }

  static Progress waiting(String why) {
    return new Progress(Stage.WAITING, 0, 0, Optional.of(why));
  }
}
