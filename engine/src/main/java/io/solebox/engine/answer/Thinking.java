package io.solebox.engine.answer;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.Prompt;
import java.util.Optional;

/**
 * Where in its answer a model thinks.
 *
 * @param start what it writes in front of its thoughts
 * @param end what it writes behind them
 * @param begun whether the prompt ends in its thoughts already
 */
public record Thinking(String start, String end, boolean begun) {
  /** What stands around thoughts. */
  record Tags(String start, String end) {}

  /** Empty where answers to the prompt have no thoughts, or nobody knows how they look. */
  public static Optional<Thinking> of(Prompt prompt) {
    String opening = prompt.opening();
    String template = prompt.template().map(ChatTemplate::source).orElse("");
    return AnswerSyntax.of(prompt)
        .thinking()
        // A family reads thoughts of models that have none, too.
        .filter(
            tags ->
                template.contains(tags.start())
                    || template.contains(tags.end())
                    || opening.contains(tags.start()))
        .map(
            tags ->
                new Thinking(
                    tags.start(),
                    tags.end(),
                    opening.lastIndexOf(tags.start()) > opening.lastIndexOf(tags.end())));
  }
}
