package io.solebox.server.anthropic;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Digests;
import io.solebox.server.http.EventStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;

/** The content of a message as a stream of blocks, one after the other. Owned by one thread. */
final class ContentBlocks {
  /** What is written of a block that is open. */
  private enum Kind {
    TEXT,
    THINKING,
    TOOL_USE
  }

  private final JsonWriter json;
  private final EventStream out;
  private final boolean showThinking;
  private Optional<Kind> open = Optional.empty();
  private int index;

  /** White space that is part of the message if more text follows. */
  private final StringBuilder space = new StringBuilder();

  private final StringBuilder thought = new StringBuilder();

  /**
   * @param showThinking whether blocks of thinking have their text
   */
  ContentBlocks(JsonWriter json, EventStream out, boolean showThinking) {
    this.json = json;
    this.out = out;
    this.showThinking = showThinking;
  }

  void text(String more) {
    boolean begun = open.filter(Kind.TEXT::equals).isPresent();
    if (!begun && more.isBlank()) {
      space.append(more);
      return;
    }
    if (!begun) {
      start(Kind.TEXT, ContentBlocks::writeText);
    }
    String all = space + more;
    space.setLength(0);
    delta("text_delta", "text", all);
  }

  void thinking(String more) {
    if (open.filter(Kind.THINKING::equals).isEmpty()) {
      start(Kind.THINKING, block -> writeThinking(block, "", ""));
    }
    thought.append(more);
    if (showThinking) {
      delta("thinking_delta", "thinking", more);
    }
  }

  void toolUse(Optional<String> id, String name) {
    start(
        Kind.TOOL_USE,
        block -> {
          writeToolUse(block, id, name);
          block.writeObjectPropertyStart("input");
          block.writeEndObject();
        });
  }

  void input(String fragment) {
    delta("input_json_delta", "partial_json", fragment);
  }

  /** Ends the block that is open. */
  void close() {
    if (open.isEmpty()) {
      return;
    }
    if (open.get() == Kind.THINKING) {
      delta("signature_delta", "signature", signature(thought.toString()));
      thought.setLength(0);
    }
    send("content_block_stop", event -> event.writeNumberProperty("index", index));
    open = Optional.empty();
    index++;
  }

  private void start(Kind kind, Consumer<JsonGenerator> block) {
    close();
    if (kind != Kind.TEXT) {
      space.setLength(0);
    }
    open = Optional.of(kind);
    send(
        "content_block_start",
        event -> {
          event.writeNumberProperty("index", index);
          event.writeObjectPropertyStart("content_block");
          block.accept(event);
          event.writeEndObject();
        });
  }

  private void delta(String type, String member, String more) {
    send(
        "content_block_delta",
        event -> {
          event.writeNumberProperty("index", index);
          event.writeObjectPropertyStart("delta");
          event.writeStringProperty("type", type);
          event.writeStringProperty(member, more);
          event.writeEndObject();
        });
  }

  private void send(String type, Consumer<JsonGenerator> members) {
    out.send(
        type,
        json.write(
            event -> {
              event.writeStartObject();
              event.writeStringProperty("type", type);
              members.accept(event);
              event.writeEndObject();
            }));
  }

  private static void writeText(JsonGenerator out) {
    out.writeStringProperty("type", "text");
    out.writeStringProperty("text", "");
  }

  static void writeThinking(JsonGenerator out, String text, String signature) {
    out.writeStringProperty("type", "thinking");
    out.writeStringProperty("thinking", text);
    out.writeStringProperty("signature", signature);
  }

  /** Without its input. */
  static void writeToolUse(JsonGenerator out, Optional<String> id, String name) {
    out.writeStringProperty("type", "tool_use");
    out.writeStringProperty("id", id.orElseGet(ContentBlocks::newId));
    out.writeStringProperty("name", name);
  }

  /** Clients answer a call by its id, so each has one. */
  private static String newId() {
    return "toolu_" + UUID.randomUUID().toString().replace("-", "");
  }

  /**
   * Clients keep it, and some drop thinking that has none. It proves nothing, and is not asked for.
   */
  static String signature(String thinking) {
    byte[] utf8 = thinking.getBytes(StandardCharsets.UTF_8);
    return Base64.getEncoder().encodeToString(Digests.sha256().digest(utf8));
  }
}
