package io.solebox.engine.answer;

import io.solebox.engine.answer.AnswerEvent.Part;
import java.util.function.Consumer;

/**
 * Takes one answer's text apart as it comes. What it gives depends on the text alone, not on where
 * the pieces end, and is never taken back. It holds text only for as long as that may be part of a
 * marker, or white space in front of one. Owned by one thread.
 */
public interface AnswerParser {
  /**
   * Takes more text.
   *
   * @param text whole characters
   */
  void accept(String text, Consumer<Part> parts);

  /**
   * Gives what was held, because no more text comes.
   *
   * @param cut whether the model would have gone on: an unfinished call is then left as it is;
   *     otherwise it is malformed
   */
  void finish(boolean cut, Consumer<Part> parts);
}
