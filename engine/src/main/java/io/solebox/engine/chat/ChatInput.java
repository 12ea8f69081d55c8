package io.solebox.engine.chat;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A conversation that a model is to go on with, of JSON's types as {@link ChatTemplate#render}
 * takes them.
 *
 * @param messages each with {@code role} and {@code content}, and what else the template knows
 * @param tools that the model may call; empty for none
 * @param documents that it may quote; empty for none
 * @param arguments further variables of the template, such as {@code enable_thinking}
 * @param ending where its prompt ends
 */
public record ChatInput(
    List<Map<String, Object>> messages,
    List<Map<String, Object>> tools,
    List<Map<String, Object>> documents,
    Map<String, Object> arguments,
    Ending ending) {
  /** Where a prompt ends. */
  public enum Ending {
    /** Where the model's next message begins. */
    NEW_MESSAGE,
    /** Behind the messages. */
    AFTER_MESSAGES,
    /** In the last message, which the answer goes on with. */
    IN_LAST_MESSAGE
  }

  /** Variables that are not the caller's to set. */
  private static final Set<String> RESERVED =
      Set.of("messages", "tools", "documents", "add_generation_prompt", "continue_final_message");

  public static ChatInput of(List<ChatMessage> messages) {
    return ofMaps(messages.stream().map(ChatInput::toMap).toList());
  }

  /** Messages that are more than a role and a text: content in parts, tool calls. */
  public static ChatInput ofMaps(List<Map<String, Object>> messages) {
    return new ChatInput(messages, List.of(), List.of(), Map.of(), Ending.NEW_MESSAGE);
  }

  public ChatInput withTools(List<Map<String, Object>> values) {
    return new ChatInput(messages, values, documents, arguments, ending);
  }

  public ChatInput withDocuments(List<Map<String, Object>> values) {
    return new ChatInput(messages, tools, values, arguments, ending);
  }

  /**
   * @throws SoleboxException as {@link #requireArguments}
   */
  public ChatInput withArguments(Map<String, Object> values) {
    requireArguments(values);
    return new ChatInput(messages, tools, documents, values, ending);
  }

  public ChatInput withEnding(Ending value) {
    return new ChatInput(messages, tools, documents, arguments, value);
  }

  /** Whether a variable of templates is set by Solebox, and not for callers to set. */
  public static boolean isReserved(String name) {
    return RESERVED.contains(name) || name.endsWith("_token");
  }

  /**
   * Refuses arguments that would replace what a template is given anyway.
   *
   * @throws SoleboxException {@code INVALID_PARAMETER} with the argument's name
   */
  public static void requireArguments(Map<String, Object> values) {
    for (String name : values.keySet()) {
      if (isReserved(name)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            name,
            "This variable of chat templates is set by Solebox.",
            "Leave it out.");
      }
    }
  }

  /** Role first: a template may print the whole message. */
  private static Map<String, Object> toMap(ChatMessage message) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("role", message.role());
    map.put("content", message.content());
    return map;
  }
}
