package io.solebox.server.answers;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.time.Clock;

/** Makes prompts of conversations, whatever API they came by. */
public final class ChatPrompts {
  private ChatPrompts() {}

  /**
   * @param param that the conversation came from
   * @param clock for templates that write the date
   * @throws Problem 400 if the model has no template or the template refuses the conversation
   */
  public static Prompt encode(Models.Named chosen, ChatInput input, String param, Clock clock) {
    if (chosen.model().chatTemplate().isEmpty()) {
      throw Problem.of(
              400,
              "no_chat_template",
              "The model '%s' has no chat template. Use /v1/completions.".formatted(chosen.name()))
          .withParam("model");
    }
    try {
      return chosen.model().prompts().chat(input, clock);
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, param);
    }
  }
}
