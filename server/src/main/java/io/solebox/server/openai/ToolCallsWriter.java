package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/** {@code tool_calls} of messages, and of the deltas of a stream. */
final class ToolCallsWriter {
  private ToolCallsWriter() {}

  static void write(JsonGenerator out, List<ToolCall> calls) {
    out.writeArrayPropertyStart("tool_calls");
    for (ToolCall call : calls) {
      out.writeStartObject();
      writeHead(out, call.id(), call.name(), call.arguments());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  static void write(JsonGenerator out, ToolCallStart start) {
    out.writeArrayPropertyStart("tool_calls");
    out.writeStartObject();
    out.writeNumberProperty("index", start.index());
    writeHead(out, start.id(), start.name(), "");
    out.writeEndObject();
    out.writeEndArray();
  }

  static void write(JsonGenerator out, ToolCallArguments more) {
    out.writeArrayPropertyStart("tool_calls");
    out.writeStartObject();
    out.writeNumberProperty("index", more.index());
    out.writeObjectPropertyStart("function");
    out.writeStringProperty("arguments", more.fragment());
    out.writeEndObject();
    out.writeEndObject();
    out.writeEndArray();
  }

  private static void writeHead(
      JsonGenerator out, Optional<String> id, String name, String arguments) {
    out.writeStringProperty("id", id.orElseGet(ToolCallsWriter::newId));
    out.writeStringProperty("type", "function");
    out.writeObjectPropertyStart("function");
    out.writeStringProperty("name", name);
    out.writeStringProperty("arguments", arguments);
    out.writeEndObject();
  }

  /** Clients answer a call by its id, so each has one. */
  private static String newId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "");
  }
}
