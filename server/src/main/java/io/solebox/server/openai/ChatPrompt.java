package io.solebox.server.openai;

import io.solebox.engine.chat.ChatInput;
import io.solebox.engine.chat.ChatTemplate;
import io.solebox.server.answers.TemplateProbe;
import io.solebox.server.answers.Truncation;
import io.solebox.server.answers.Turns;
import io.solebox.server.models.Models;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How the messages of a chat become a prompt.
 *
 * @param tools that the model may call
 * @param documents that it may quote
 * @param thinking how much of it
 * @param variables further ones for the template, which have the last word
 */
record ChatPrompt(
    ChatInput.Ending ending,
    List<Map<String, Object>> tools,
    List<Map<String, Object>> documents,
    ThinkingFields thinking,
    Map<String, Object> variables) {
  /**
   * @param prefixed whether the last message says of itself that the answer goes on with it
   */
  static ChatPrompt read(
      Fields body,
      List<Map<String, Object>> messages,
      boolean prefixed,
      List<Map<String, Object>> tools) {
    boolean asked = body.flag("continue_final_message");
    boolean goOn = asked || prefixed;
    boolean add = body.flag("add_generation_prompt", !goOn);
    String param = asked ? "continue_final_message" : "messages";
    if (goOn && !messages.getLast().get("role").equals("assistant")) {
      throw Params.invalidValue(
          param,
          "'continue_final_message' goes on with the last message, so that must be the"
              + " assistant's.");
    }
    if (goOn && add) {
      throw Params.invalidValue(
          param, "'continue_final_message' and 'add_generation_prompt' cannot both be true.");
    }
    return new ChatPrompt(
        ending(goOn, add), tools, documents(body), ThinkingFields.read(body), variables(body));
  }

  private static ChatInput.Ending ending(boolean goOn, boolean add) {
    if (goOn) {
      return ChatInput.Ending.IN_LAST_MESSAGE;
    }
    return add ? ChatInput.Ending.NEW_MESSAGE : ChatInput.Ending.AFTER_MESSAGES;
  }

  /** Each as the template's makers want it; a text alone is its {@code text}. */
  private static List<Map<String, Object>> documents(Fields body) {
    List<Map<String, Object>> documents = new ArrayList<>();
    for (Object given : body.array("documents").orElse(List.of())) {
      documents.add(
          given instanceof String text
              ? Map.of("text", text)
              : Fields.members(given, "documents[" + documents.size() + "]"));
    }
    return documents;
  }

  private static Map<String, Object> variables(Fields body) {
    Map<String, Object> variables = new LinkedHashMap<>();
    body.raw("chat_template_kwargs")
        .ifPresent(
            given ->
                Fields.members(given, "chat_template_kwargs")
                    .forEach(
                        (name, value) -> {
                          if (ChatInput.isReserved(name)) {
                            throw Params.invalidValue(
                                "chat_template_kwargs." + name,
                                "'%s' is not for 'chat_template_kwargs'.".formatted(name));
                          }
                          variables.put(name, value);
                        }));
    return variables;
  }

  /** What the template is given. */
  private ChatInput input(Models.Named chosen, List<Map<String, Object>> messages) {
    String template = chosen.model().chatTemplate().map(ChatTemplate::source).orElse("");
    Map<String, Object> all = new LinkedHashMap<>(thinking.variables(template));
    all.putAll(variables);
    return ChatInput.ofMaps(messages)
        .withTools(tools)
        .withDocuments(documents)
        .withArguments(all)
        .withEnding(ending);
  }

  /**
   * @param truncates whether the oldest messages are left away where the context has no room
   * @throws Problem 400 if the model has no template, the template refuses the conversation, or
   *     what may not be left away is too long
   */
  Truncation.Fitted fit(
      Truncation truncation, List<Map<String, Object>> messages, boolean truncates) {
    Models.Named chosen = truncation.chosen();
    requireShown(chosen, truncation.clock());
    Turns turns = new Turns(messages);
    return truncates
        ? truncation.fit(turns.cuts(), cut -> input(chosen, turns.without(cut)))
        : truncation.all(input(chosen, messages));
  }

  private void requireShown(Models.Named chosen, Clock clock) {
    if (!tools.isEmpty()) {
      TemplateProbe.requireTools(chosen, clock);
    }
    if (!documents.isEmpty()) {
      TemplateProbe.requireDocuments(chosen, clock);
    }
  }
}
