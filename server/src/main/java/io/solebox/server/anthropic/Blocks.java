package io.solebox.server.anthropic;

import io.solebox.server.http.Texts;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Content as requests have it: a text, or blocks. Immutable. */
record Blocks(FieldTable table) {
  /** A block that this server knows. */
  sealed interface Block {}

  record Text(String text) implements Block {}

  /** What the model thought; empty where its client was not shown it. */
  record Thought(String text) implements Block {}

  record ToolUse(String id, String name, Map<String, Object> input) implements Block {}

  record ToolResult(String callId, String text) implements Block {}

  /**
   * @param value a text or an array
   */
  List<Block> read(Object value, String param) {
    return switch (value) {
      case String text -> List.of(new Text(text));
      case List<?> given -> {
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < given.size(); i++) {
          blocks.add(
              block(Fields.of(table, AnthropicFields.BLOCK, given.get(i), param + "[" + i + "]")));
        }
        yield blocks;
      }
      case null, default ->
          throw Params.invalidType(param, "a string or an array of blocks", value);
    };
  }

  /** Content that can only be text. */
  String text(Object value, String param) {
    List<String> texts = new ArrayList<>();
    for (Block block : read(value, param)) {
      if (!(block instanceof Text(String text))) {
        throw Params.unsupported(param, "Only blocks of the type 'text' can stand here.");
      }
      texts.add(text);
    }
    return String.join("\n", texts);
  }

  private Block block(Fields block) {
    String type = required(block, "type");
    Block read =
        switch (type) {
          case "text" -> new Text(required(block, "text"));
          case "thinking" -> new Thought(block.string("thinking").orElse(""));
          case "redacted_thinking" -> {
            block.string("data"); // nobody but its maker can read it
            yield new Thought("");
          }
          case "tool_use" ->
              new ToolUse(
                  required(block, "id"),
                  required(block, "name"),
                  Fields.members(
                      block.raw("input").orElseThrow(() -> Params.missing(block.param("input"))),
                      block.param("input")));
          case "tool_result" -> result(block);
          case "document" -> document(block);
          case "image" ->
              throw Params.unsupported(block.param("type"), "Images cannot be read, only text.");
          default ->
              throw Params.unsupported(
                  block.param("type"),
                  "Blocks of the type '%s' cannot be read.".formatted(Texts.abbreviated(type)));
        };
    block.settle(false);
    return read;
  }

  private Block result(Fields block) {
    String id = required(block, "tool_use_id");
    String text =
        block.raw("content").map(content -> text(content, block.param("content"))).orElse("");
    boolean failed = block.flag("is_error");
    // Templates have no other place for it.
    return new ToolResult(id, failed ? "Error: " + text : text);
  }

  private Block document(Fields block) {
    Fields source =
        block
            .object("source", AnthropicFields.BLOCK)
            .orElseThrow(() -> Params.missing(block.param("source")));
    if (!required(source, "type").equals("text")) {
      throw Params.unsupported(
          source.param("type"), "Only documents whose source is text can be read.");
    }
    String title = block.string("title").map(text -> text + "\n").orElse("");
    String context = block.string("context").map(text -> text + "\n").orElse("");
    return new Text(title + context + required(source, "data"));
  }

  private static String required(Fields block, String name) {
    return block.string(name).orElseThrow(() -> Params.missing(block.param(name)));
  }
}
