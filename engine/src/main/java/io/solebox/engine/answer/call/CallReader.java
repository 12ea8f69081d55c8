package io.solebox.engine.answer.call;

import java.util.Optional;

/**
 * Reads one call, as its text comes. What it gives depends on the text alone, not on where pieces
 * end. Owned by one thread.
 */
public interface CallReader {
  /** How far it is. */
  enum Progress {
    GOING,
    COMPLETE,
    MALFORMED
  }

  /**
   * What a call begins with.
   *
   * @param id the model's own, if it gave one
   */
  record Head(Optional<String> id, String name) {}

  /**
   * Takes what belongs to the call. Nothing follows {@link Progress#COMPLETE} or {@link
   * Progress#MALFORMED}; what made the call malformed is not taken.
   */
  Progress read(Input input);

  /** Known once the name is and arguments have begun, or the call is complete. */
  Optional<Head> head();

  /** What came of the arguments since the last time; nothing before {@link #head} is known. */
  String takeArguments();
}
