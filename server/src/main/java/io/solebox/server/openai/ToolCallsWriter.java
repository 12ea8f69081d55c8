package io.solebox.server.openai;

import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import tools.jackson.core.JsonGenerator;

/**
 * {@code tool_calls} of messages, and of the deltas of a stream.
 *
 * @param legacy whether the one call there is goes as {@code function_call}
 */
record ToolCallsWriter(boolean legacy) {
  void write(JsonGenerator out, List<ToolCall> calls) {
    if (legacy) {
      ToolCall only = calls.getFirst();
      writeFunction(out, "function_call", Optional.of(only.name()), only.arguments());
      return;
    }
    out.writeArrayPropertyStart("tool_calls");
    for (ToolCall call : calls) {
      out.writeStartObject();
      writeHead(out, call.id(), call.name(), call.arguments());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  void write(JsonGenerator out, ToolCallStart start) {
    if (legacy) {
      writeFunction(out, "function_call", Optional.of(start.name()), "");
      return;
    }
    out.writeArrayPropertyStart("tool_calls");
    out.writeStartObject();
    out.writeNumberProperty("index", start.index());
    writeHead(out, start.id(), start.name(), "");
    out.writeEndObject();
    out.writeEndArray();
  }

  void write(JsonGenerator out, ToolCallArguments more) {
    if (legacy) {
      writeFunction(out, "function_call", Optional.empty(), more.fragment());
      return;
    }
    out.writeArrayPropertyStart("tool_calls");
    out.writeStartObject();
    out.writeNumberProperty("index", more.index());
    writeFunction(out, "function", Optional.empty(), more.fragment());
    out.writeEndObject();
    out.writeEndArray();
  }

  private static void writeHead(
      JsonGenerator out, Optional<String> id, String name, String arguments) {
    out.writeStringProperty("id", id.orElseGet(ToolCallsWriter::newId));
    out.writeStringProperty("type", "function");
    writeFunction(out, "function", Optional.of(name), arguments);
  }

  private static void writeFunction(
      JsonGenerator out, String member, Optional<String> name, String arguments) {
    out.writeObjectPropertyStart(member);
    name.ifPresent(text -> out.writeStringProperty("name", text));
    out.writeStringProperty("arguments", arguments);
    out.writeEndObject();
  }

  /** Clients answer a call by its id, so each has one. */
  private static String newId() {
    return "call_" + UUID.randomUUID().toString().replace("-", "");
  }
}
