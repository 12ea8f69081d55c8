package io.solebox.engine.chat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The variables that a chat template gets, as transformers passes them: {@code messages}, {@code
 * tools} and {@code documents} (null until something fills them), {@code add_generation_prompt},
 * and {@code bos_token} and {@code eos_token} where the vocabulary has them.
 */
public final class ChatVariables {
  private ChatVariables() {}

  /**
   * The variables for messages of text.
   *
   * @param addGenerationPrompt whether the text ends where the assistant's answer begins
   * @return a map of its own; more variables may be added
   */
  public static Map<String, Object> of(
      List<ChatMessage> messages, boolean addGenerationPrompt, SpecialTexts specials) {
    return ofMaps(
        messages.stream().map(ChatVariables::toMap).toList(), addGenerationPrompt, specials);
  }

  /**
   * The same for messages that are more than a role and a text: content in parts, tool calls.
   *
   * @param messages of JSON's types, as {@link ChatTemplate#render} takes them
   */
  public static Map<String, Object> ofMaps(
      List<Map<String, Object>> messages, boolean addGenerationPrompt, SpecialTexts specials) {
    Map<String, Object> variables = new LinkedHashMap<>();
    variables.put("messages", messages);
    variables.put("tools", null);
    variables.put("documents", null);
    variables.put("add_generation_prompt", addGenerationPrompt);
    specials.bos().ifPresent(text -> variables.put("bos_token", text));
    specials.eos().ifPresent(text -> variables.put("eos_token", text));
    return variables;
  }

  /** Role first: a template may print the whole message. */
  private static Map<String, Object> toMap(ChatMessage message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", message.content());
    return map;
  }
}
