package io.solebox.server.responses;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.Prompt;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.answers.ChatPrompts;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.models.Models;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Makes prompts of items, and leaves the oldest away where a request asks for that. */
final class ResponsePrompts {
  private final Items items;
  private final Clock clock;

  /**
   * @param clock for templates that write the date
   */
  ResponsePrompts(Items items, Clock clock) {
    this.items = items;
    this.clock = clock;
  }

  /**
   * @param dropped items at the beginning that are not in it
   */
  record Rendered(ChatInput input, Prompt prompt, int dropped) {}

  /** What a prompt is made of, but for what comes before. */
  record Parts(
      List<Map<String, Object>> input,
      Map<String, Object> echo,
      ResponseTools tools,
      Map<String, Object> variables) {}

  /** Drops the oldest items where that is asked for; what a request itself brings stays. */
  Rendered render(
      Models.Named chosen, List<Map<String, Object>> earlier, Parts parts, boolean truncates) {
    int context = chosen.model().contextTokens();
    Rendered all = rendered(chosen, earlier, parts, 0);
    if (all.prompt().ids().length < context || !truncates) {
      requireRoom(all.prompt(), context);
      return all;
    }
    int tooFew = 0;
    int enough = earlier.size();
    Rendered fits = rendered(chosen, earlier, parts, enough);
    requireRoom(fits.prompt(), context);
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      Rendered tried = rendered(chosen, earlier, parts, middle);
      if (tried.prompt().ids().length < context) {
        enough = middle;
        fits = tried;
      } else {
        tooFew = middle;
      }
    }
    return fits;
  }

  private Rendered rendered(
      Models.Named chosen, List<Map<String, Object>> earlier, Parts parts, int least) {
    int dropped = least;
    while (dropped > 0 && dropped < earlier.size() && Items.isResult(earlier.get(dropped))) {
      dropped++; // its call is gone
    }
    List<Map<String, Object>> kept = new ArrayList<>(earlier.subList(dropped, earlier.size()));
    kept.addAll(parts.input());
    List<Map<String, Object>> messages = new ArrayList<>();
    if (parts.echo().get("instructions") instanceof String text) {
      messages.add(Map.of("role", "system", "content", text));
    }
    messages.addAll(items.messages(kept));
    ChatInput chat =
        ChatInput.ofMaps(messages)
            .withTools(parts.tools().offered())
            .withArguments(parts.variables());
    return new Rendered(chat, ChatPrompts.encode(chosen, chat, "input", clock), dropped);
  }

  private static void requireRoom(Prompt prompt, int context) {
    if (prompt.ids().length >= context) {
      throw EngineProblems.of(
          new SoleboxException(
              ErrorCode.CONTEXT_LENGTH_EXCEEDED,
              "",
              "The prompt has %d tokens, and the context of the model %d."
                  .formatted(prompt.ids().length, context),
              "Send less, or set 'truncation' to 'auto'."),
          "input");
    }
  }
}
