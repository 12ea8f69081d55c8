package io.solebox.engine.chat;

import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.engine.chat.jinja.Text;
import io.solebox.engine.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The variables that a chat template gets, as transformers passes them: {@code messages}, {@code
 * tools} and {@code documents} (null for none), {@code add_generation_prompt}, the vocabulary's
 * named tokens ({@code bos_token} and so on) and the caller's arguments. Texts are plain but for
 * two kinds, which count as the template's: named tokens, and roles that are nothing but a usual
 * name, because templates make markers of them ({@code '<|' + role + '|>'}).
 */
final class ChatVariables {
  private static final Set<String> ROLES =
      Set.of(
          "system",
          "developer",
          "user",
          "assistant",
          "model",
          "tool",
          "function",
          "ipython",
          "observation",
          "environment",
          "documents");

  /**
   * The template's text at the end of a message that is to be gone on with; of the private use area
   * of Unicode.
   */
  static final String END_MARK = "\uf8fe\uf8fd\uf8fe";

  private ChatVariables() {}

  /**
   * @param namedTokens texts by variable
   */
  static Map<String, Object> of(ChatInput input, Map<String, String> namedTokens) {
    Map<String, Object> variables = new LinkedHashMap<>(input.arguments());
    List<Map<String, Object>> messages =
        new ArrayList<>(input.messages().stream().map(ChatVariables::message).toList());
    if (input.ending() == Ending.IN_LAST_MESSAGE && !messages.isEmpty()) {
      messages.addLast(marked(messages.removeLast()));
    }
    variables.put("messages", messages);
    variables.put("tools", orNull(input.tools()));
    variables.put("documents", orNull(input.documents()));
    variables.put("add_generation_prompt", input.ending() == Ending.NEW_MESSAGE);
    namedTokens.forEach((name, text) -> variables.put(name, Text.written(text)));
    return variables;
  }

  /** The texts of a vocabulary's named tokens. */
  static Map<String, String> namedTokens(Tokenizer tokenizer) {
    Map<String, String> texts = new LinkedHashMap<>();
    tokenizer.namedTokens().forEach((name, id) -> texts.put(name, tokenizer.tokenText(id)));
    return texts;
  }

  private static Object orNull(List<Map<String, Object>> values) {
    return values.isEmpty() ? null : values;
  }

  private static Map<String, Object> message(Map<String, Object> message) {
    if (!(message.get("role") instanceof String role) || !ROLES.contains(role)) {
      return message;
    }
    Map<String, Object> marked = new LinkedHashMap<>(message);
    marked.put("role", Text.written(role));
    return marked;
  }

  /** With {@link #END_MARK} behind its text, if it is one. */
  private static Map<String, Object> marked(Map<String, Object> message) {
    Object content = message.get("content");
    if (content != null && !(content instanceof String)) {
      return message;
    }
    String text = content == null ? "" : (String) content;
    Map<String, Object> marked = new LinkedHashMap<>(message);
    marked.put("content", Text.plain(text).concat(Text.written(END_MARK)));
    return marked;
  }
}
