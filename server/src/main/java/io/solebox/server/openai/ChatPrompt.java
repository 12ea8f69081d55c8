package io.solebox.server.openai;

import io.solebox.engine.chat.ChatTemplate;
import io.solebox.engine.chat.ChatVariables;
import io.solebox.engine.chat.SpecialTexts;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.server.http.EngineProblems;
import io.solebox.server.http.Problem;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How the messages of a chat become a prompt.
 *
 * @param addGenerationPrompt whether it ends where a new answer begins
 * @param goOn whether it ends in the last message, which the answer goes on with
 * @param variables further ones for the template
 */
record ChatPrompt(boolean addGenerationPrompt, boolean goOn, Map<String, Object> variables) {
  /** What a request may not set, because it is made of the messages or of the model. */
  private static final Set<String> RESERVED =
      Set.of(
          "messages",
          "tools",
          "documents",
          "add_generation_prompt",
          "continue_final_message",
          "bos_token",
          "eos_token");

  /** Marks the end of the last message in the rendering; of the private use area of Unicode. */
  private static final String END_MARK = "\uf8fe\uf8fd\uf8fe";

  /**
   * @param prefixed whether the last message says of itself that the answer goes on with it
   */
  static ChatPrompt read(Fields body, List<Map<String, Object>> messages, boolean prefixed) {
    boolean asked = body.flag("continue_final_message");
    boolean goOn = asked || prefixed;
    boolean add = body.flag("add_generation_prompt", !goOn);
    String param = asked ? "continue_final_message" : "messages";
    if (goOn && !messages.getLast().get("role").equals("assistant")) {
      throw Params.invalidValue(
          param,
          "'continue_final_message' goes on with the last message, so that must be the assistant's.");
    }
    if (goOn && add) {
      throw Params.invalidValue(
          param, "'continue_final_message' and 'add_generation_prompt' cannot both be true.");
    }
    return new ChatPrompt(add, goOn, variables(body));
  }

  private static Map<String, Object> variables(Fields body) {
    Map<String, Object> variables = new LinkedHashMap<>();
    body.string("reasoning_effort").ifPresent(e -> variables.put("reasoning_effort", e));
    if (body.has("enable_thinking")) {
      variables.put("enable_thinking", body.flag("enable_thinking"));
    }
    body.raw("chat_template_kwargs")
        .ifPresent(
            given ->
                Fields.members(given, "chat_template_kwargs")
                    .forEach(
                        (name, value) -> {
                          if (RESERVED.contains(name)) {
                            throw Params.invalidValue(
                                "chat_template_kwargs." + name,
                                "'%s' is not for 'chat_template_kwargs'.".formatted(name));
                          }
                          variables.put(name, value);
                        }));
    return variables;
  }

  /**
   * @throws Problem 400 if the model has no template or the template refuses the conversation
   */
  int[] encode(Models.Named chosen, List<Map<String, Object>> messages, Clock clock) {
    ChatTemplate template =
        chosen
            .model()
            .chatTemplate()
            .orElseThrow(
                () ->
                    Problem.of(
                            400,
                            "no_chat_template",
                            "The model '%s' has no chat template. Use /v1/completions."
                                .formatted(chosen.name()))
                        .withParam("model"));
    Tokenizer tokenizer = chosen.model().tokenizer();
    Map<String, Object> all =
        ChatVariables.ofMaps(
            goOn ? marked(messages) : messages, addGenerationPrompt, SpecialTexts.of(tokenizer));
    all.putAll(variables);
    try {
      String text = template.render(all, clock);
      return tokenizer.encode(goOn ? cut(text) : text, Tokenizer.Specials.PARSE, false);
    } catch (SoleboxException e) {
      throw EngineProblems.of(e, "messages");
    }
  }

  private static List<Map<String, Object>> marked(List<Map<String, Object>> messages) {
    List<Map<String, Object>> marked = new ArrayList<>(messages);
    Map<String, Object> last = new LinkedHashMap<>(marked.removeLast());
    last.put("content", last.get("content") + END_MARK);
    marked.add(last);
    return marked;
  }

  /** What the template writes behind the last message's text would end the turn. */
  private static String cut(String rendered) {
    int end = rendered.lastIndexOf(END_MARK);
    if (end < 0) {
      throw Params.invalidValue(
          "continue_final_message",
          "The model's chat template does not show the last message, so nothing can go on with it.");
    }
    return rendered.substring(0, end).replace(END_MARK, "");
  }
}
