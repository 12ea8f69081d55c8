package io.solebox.server.answers;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatMessage;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Tries what a model's chat template makes of a small conversation. */
public final class TemplateProbe {
  private static final ChatInput HELLO = ChatInput.of(List.of(new ChatMessage("user", "hello")));

  private static final Map<String, Object> TOOL =
      Map.of(
          "type",
          "function",
          "function",
          Map.of(
              "name",
              "probe",
              "description",
              "probe",
              "parameters",
              Map.of("type", "object", "properties", Map.of())));

  private static final Map<String, Object> DOCUMENT = Map.of("title", "probe", "text", "probe");

  private TemplateProbe() {}

  /**
   * @throws Problem 400 if the template shows the model no tools
   */
  public static void requireTools(Models.Named chosen, Clock clock) {
    require(chosen, HELLO.withTools(List.of(TOOL)), "tools", clock);
  }

  /**
   * @throws Problem 400 if the template shows the model no documents
   */
  public static void requireDocuments(Models.Named chosen, Clock clock) {
    require(chosen, HELLO.withDocuments(List.of(DOCUMENT)), "documents", clock);
  }

  private static void require(Models.Named chosen, ChatInput input, String what, Clock clock) {
    if (chosen.model().chatTemplate().isEmpty()) {
      return; // which is said when the prompt is made
    }
    if (!shows(chosen, input, what, clock)) {
      throw Problem.of(
              400,
              "unsupported_parameter",
              "Unsupported parameter: '%s'. The chat template of '%s' does not show them to the model."
                  .formatted(what, chosen.name()))
          .withParam(what);
    }
  }

  /** Whether the prompt is another one with them than without. */
  private static boolean shows(Models.Named chosen, ChatInput input, String what, Clock clock) {
    try {
      int[] with = chosen.model().prompts().chat(input, clock).ids();
      int[] without = chosen.model().prompts().chat(HELLO, clock).ids();
      return !Arrays.equals(with, without);
    } catch (SoleboxException e) {
      // It does not take the small conversation; its words are the best that is known.
      return chosen.model().chatTemplate().orElseThrow().source().contains(what);
    }
  }
}
