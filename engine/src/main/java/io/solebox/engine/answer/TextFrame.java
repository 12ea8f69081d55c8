package io.solebox.engine.answer;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompt;

/**
 * What a model writes around what it says to its reader, in the tokens of its template.
 *
 * @param start in front of it, where the answer begins with it
 * @param behindThoughts in front of it behind the end of thoughts
 * @param end behind it; the model may leave it out and end the answer
 */
public record TextFrame(String start, String behindThoughts, String end) {
  /** The text stands alone. */
  static final TextFrame NONE = new TextFrame("", "", "");

  /** Whether anything stands around the text. */
  public boolean isThere() {
    return !equals(NONE);
  }

  /** What stands around the text of an answer to a prompt. */
  public static TextFrame of(Prompt prompt) {
    AnswerSyntax syntax = AnswerSyntax.of(prompt);
    String template = prompt.template().map(ChatTemplate::source).orElse("");
    return syntax.marksText(prompt.opening())
        ? syntax.frames().stream()
            .filter(known -> template.contains(known.sign()))
            .map(Known::frame)
            .findFirst()
            .orElse(NONE)
        : NONE;
  }

  /**
   * One that a family has.
   *
   * @param sign by which a template shows that it does
   */
  record Known(String sign, TextFrame frame) {}
}
