package io.solebox.app.run;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** What a context leaves to an answer. */
final class Room {
  private Room() {}

  /**
   * Tokens that an answer to {@code prompt} may have.
   *
   * @throws SoleboxException {@code CONTEXT_LENGTH_EXCEEDED} with both counts
   */
  static int of(LoadedModel model, Prompt prompt) {
    int room = model.contextTokens() - prompt.ids().length;
    if (room < 1) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "prompt",
          "The prompt has %d tokens and the context holds %d, the answer included."
              .formatted(prompt.ids().length, model.contextTokens()),
          "Shorten the prompt, or give a longer --context.");
    }
    return room;
  }
}
