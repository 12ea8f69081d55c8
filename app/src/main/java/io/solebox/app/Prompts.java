package io.solebox.app;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatVariables;
import io.solebox.engine.chat.SpecialTexts;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.time.Clock;
import java.time.ZoneId;
import java.util.List;

/** Turns text and conversations into the ids that a model takes. */
final class Prompts {
  private Prompts() {}

  /** A conversation, ready for the model's next message. The template says all, BOS included. */
  static int[] chat(Tokenizer tokenizer, ChatTemplate template, List<ChatMessage> messages) {
    var variables = ChatVariables.of(messages, true, SpecialTexts.of(tokenizer));
    String text = template.render(variables, Clock.system(ZoneId.systemDefault()));
    return tokenizer.encode(text, Specials.PARSE, false);
  }

  /** Text as it is, special tokens included. */
  static int[] raw(Tokenizer tokenizer, String text) {
    return tokenizer.encode(text, Specials.PARSE, true);
  }

  /**
   * Tokens that an answer to {@code prompt} may have.
   *
   * @throws SoleboxException {@code CONTEXT_LENGTH_EXCEEDED} with both counts
   */
  static int room(LoadedModel model, int[] prompt) {
    int room = model.contextTokens() - prompt.length;
    if (room < 1) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "prompt",
          "The prompt has %d tokens and the context holds %d, the answer included."
              .formatted(prompt.length, model.contextTokens()),
          "Shorten the prompt, or give a longer --context.");
    }
    return room;
  }
}
