package io.solebox.engine.answer;

import java.util.Optional;

/** Reads what stands between the tags of one tool call, a character at a time. */
interface CallReader {
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

  /** Nothing follows {@link Progress#COMPLETE} or {@link Progress#MALFORMED}. */
  Progress accept(char c);

  /** Known once the name is and arguments have begun, or the call is complete. */
  Optional<Head> head();

  /** What came of the arguments since the last time; nothing before {@link #head} is known. */
  String takeArguments();
}
