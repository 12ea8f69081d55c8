package io.solebox.server.anthropic;

import io.solebox.engine.chat.ChatInput.Ending;
import io.solebox.server.anthropic.Blocks.Block;
import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads {@code system} and {@code messages} as chat templates take them: results of tools are
 * messages of their own, and what one side says in several messages is one, as at Anthropic. One
 * object per request.
 */
final class Conversation {
  private static final String CONTENT = "content";
  private static final String REASONING = "reasoning_content";
  private static final String CALLS = "tool_calls";

  private final FieldTable table;
  private final Blocks blocks;
  private final List<Map<String, Object>> messages = new ArrayList<>();

  /** The names of tools by the ids of their calls. */
  private final Map<String, String> called = new HashMap<>();

  private Conversation(FieldTable table) {
    this.table = table;
    this.blocks = new Blocks(table);
  }

  static Conversation read(FieldTable table, Fields body) {
    Conversation conversation = new Conversation(table);
    conversation.readAll(body);
    return conversation;
  }

  List<Map<String, Object>> messages() {
    return messages;
  }

  /** The answer goes on with a last message of the assistant. */
  Ending ending() {
    Map<String, Object> last = messages.getLast();
    return last.get("role").equals("assistant") && !last.containsKey(CALLS)
        ? Ending.IN_LAST_MESSAGE
        : Ending.NEW_MESSAGE;
  }

  private void readAll(Fields body) {
    body.raw("system")
        .map(system -> blocks.text(system, body.param("system")))
        .filter(text -> !text.isEmpty())
        .ifPresent(text -> say("system", text));
    List<Object> given = body.array("messages").orElseThrow(() -> Params.missing("messages"));
    if (given.isEmpty()) {
      throw Params.invalidValue("messages", "'messages' is empty; it needs at least one.");
    }
    for (int i = 0; i < given.size(); i++) {
      read(Fields.of(table, AnthropicFields.MESSAGE, given.get(i), "messages[" + i + "]"));
    }
  }

  private void read(Fields message) {
    String role = message.string("role").orElseThrow(() -> Params.missing(message.param("role")));
    Object content = message.raw(CONTENT).orElseThrow(() -> Params.missing(message.param(CONTENT)));
    String param = message.param(CONTENT);
    switch (role) {
      case "user" -> user(blocks.read(content, param), param);
      case "assistant" -> assistant(blocks.read(content, param), param);
      case "system" -> say("system", blocks.text(content, param));
      default ->
          throw Params.invalidValue(
              message.param("role"),
              "'%s' is '%s', but must be user or assistant."
                  .formatted(message.param("role"), Texts.abbreviated(role)));
    }
    message.settle(false);
  }

  private void user(List<Block> content, String param) {
    List<String> texts = new ArrayList<>();
    for (Block block : content) {
      switch (block) {
        case Blocks.Text(String text) -> texts.add(text);
        case Blocks.ToolResult result -> {
          say(texts);
          result(result);
        }
        case Blocks.Thought _, Blocks.ToolUse _ ->
            throw Params.invalidValue(
                param, "A user's message has texts and results of tools, nothing else.");
      }
    }
    if (content.isEmpty()) {
      texts.add("");
    }
    say(texts);
  }

  private void say(List<String> texts) {
    if (!texts.isEmpty()) {
      say("user", String.join("\n", texts));
      texts.clear();
    }
  }

  /** Adds to the last message, if that is of the same side. */
  private void say(String role, String text) {
    boolean goesOn = !messages.isEmpty() && messages.getLast().get("role").equals(role);
    if (goesOn) {
      messages.getLast().merge(CONTENT, text, (before, more) -> before + "\n" + more);
    } else {
      messages.add(message(role, text));
    }
  }

  private static Map<String, Object> message(String role, String text) {
    Map<String, Object> message = new LinkedHashMap<>();
    message.put("role", role);
    message.put(CONTENT, text);
    return message;
  }

  private void result(Blocks.ToolResult result) {
    Map<String, Object> message = message("tool", result.text());
    message.put("tool_call_id", result.callId());
    String name = called.get(result.callId());
    if (name != null) {
      message.put("name", name);
    }
    messages.add(message);
  }

  private void assistant(List<Block> content, String param) {
    StringBuilder text = new StringBuilder();
    StringBuilder thought = new StringBuilder();
    List<Object> calls = new ArrayList<>();
    for (Block block : content) {
      switch (block) {
        case Blocks.Text(String more) -> text.append(more);
        case Blocks.Thought(String more) -> thought.append(more);
        case Blocks.ToolUse use -> {
          called.put(use.id(), use.name());
          calls.add(call(use));
        }
        case Blocks.ToolResult _ ->
            throw Params.invalidValue(param, "Results of tools stand in messages of the user.");
      }
    }
    boolean goesOn =
        !messages.isEmpty()
            && messages.getLast().get("role").equals("assistant")
            && !messages.getLast().containsKey(CALLS);
    Map<String, Object> message = goesOn ? messages.getLast() : message("assistant", "");
    message.merge(CONTENT, text.toString(), (before, more) -> before + "" + more);
    if (!thought.isEmpty()) {
      message.merge(REASONING, thought.toString(), (before, more) -> before + "\n" + more);
    }
    if (!calls.isEmpty()) {
      message.put(CALLS, calls);
    }
    if (!goesOn) {
      messages.add(message);
    }
  }

  private static Map<String, Object> call(Blocks.ToolUse use) {
    Map<String, Object> function = new LinkedHashMap<>();
    function.put("name", use.name());
    function.put("arguments", use.input());
    Map<String, Object> call = new LinkedHashMap<>();
    call.put("id", use.id());
    call.put("type", "function");
    call.put("function", function);
    return call;
  }
}
