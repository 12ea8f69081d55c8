package io.solebox.engine.answer;

import io.solebox.engine.answer.call.ArgumentWriting;
import io.solebox.engine.answer.call.Tools;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompt;
import java.util.List;
import java.util.Optional;

/**
 * How the models of a family of chat templates write their answers. Immutable; safe for many
 * threads.
 */
interface AnswerSyntax {
  /** All is text. */
  AnswerSyntax PLAIN =
      new AnswerSyntax() {
        @Override
        public List<String> markers() {
          return List.of();
        }

        @Override
        public AnswerParser parser(String opening, Tools tools) {
          return new PlainParser();
        }
      };

  /**
   * The syntax of answers to a prompt: that of its chat template's family, or {@link #PLAIN} for
   * raw text and families that are not known.
   */
  static AnswerSyntax of(Prompt prompt) {
    return prompt.template().map(ChatTemplate::source).map(AnswerSyntaxes::of).orElse(PLAIN);
  }

  /** What stands around the thoughts of an answer; empty where it has none. */
  default Optional<Thinking.Tags> thinking() {
    return Optional.empty();
  }

  /**
   * What calls begin with, where text may stand in front of them.
   *
   * @return empty where a call cannot be told from text by what it begins with
   */
  default List<String> callMarks() {
    return List.of();
  }

  /** How arguments of calls may be written, the likeliest first. */
  default List<ArgumentWriting> writings() {
    return List.of();
  }

  /** How calls usually begin, for templates that do not show it. */
  default Optional<UsualCall> usualCall() {
    return Optional.empty();
  }

  /**
   * A call of one tool, as the family's models write it.
   *
   * @param before in front of the name
   * @param after behind the name
   * @param rest of a call without arguments
   */
  record UsualCall(String before, String after, String rest) {}

  /**
   * What may stand around the text of an answer, where {@link #marksText} says that something does.
   */
  default List<TextFrame.Known> frames() {
    return List.of();
  }

  /**
   * Whether what an answer says to its reader stands behind a mark of its own.
   *
   * @param opening what the template wrote in front of the answer: the mark may be there
   */
  default boolean marksText(String opening) {
    return false;
  }

  /** Texts that a parser must see, even where the vocabulary has them as hidden control tokens. */
  List<String> markers();

  /**
   * A parser for one answer.
   *
   * @param opening what the template wrote in front of the answer: it may have begun the reasoning
   * @param tools that were offered; without any, what looks like a call is text
   */
  AnswerParser parser(String opening, Tools tools);
}
