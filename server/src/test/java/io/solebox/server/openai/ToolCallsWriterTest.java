package io.solebox.server.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.answer.AnswerEvent.ToolCallArguments;
import io.solebox.engine.answer.AnswerEvent.ToolCallStart;
import io.solebox.engine.answer.WholeAnswer.ToolCall;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JsonGenerator;

class ToolCallsWriterTest {
  private final JsonWriter json = new JsonWriter();
  private final ToolCallsWriter writer = new ToolCallsWriter(false);

  private List<?> written(Consumer<JsonGenerator> calls) {
    byte[] bytes =
        json.write(
            out -> {
              out.writeStartObject();
              calls.accept(out);
              out.writeEndObject();
            });
    return (List<?>) new JsonReader(JsonLimits.LOCAL).readObject(bytes).get("tool_calls");
  }

  private static Map<String, Object> call(String id, String name, String arguments) {
    return Map.of(
        "id", id, "type", "function", "function", Map.of("name", name, "arguments", arguments));
  }

  @Test
  void whole() {
    List<ToolCall> calls =
        List.of(
            new ToolCall(Optional.of("one"), "f", "{\"a\": \"é\"}"),
            new ToolCall(Optional.of("two"), "g", "{}"));
    assertEquals(
        List.of(call("one", "f", "{\"a\": \"é\"}"), call("two", "g", "{}")),
        written(out -> writer.write(out, calls)));
  }

  @Test
  void asDeltas() {
    Map<?, ?> start =
        (Map<?, ?>)
            written(out -> writer.write(out, new ToolCallStart(1, Optional.of("one"), "f")))
                .getFirst();
    assertEquals(1L, start.get("index"));
    assertEquals("one", start.get("id"));
    assertEquals(Map.of("name", "f", "arguments", ""), start.get("function"));
    assertEquals(
        List.of(Map.of("index", 1L, "function", Map.of("arguments", "{\"a\""))),
        written(out -> writer.write(out, new ToolCallArguments(1, "{\"a\""))));
  }

  @Test
  void everyCallHasAnId() {
    ToolCall call = new ToolCall(Optional.empty(), "f", "{}");
    List<?> calls = written(out -> writer.write(out, List.of(call, call)));
    String first = (String) ((Map<?, ?>) calls.getFirst()).get("id");
    assertTrue(first.matches("call_[0-9a-f]{32}"), first);
    assertNotEquals(first, ((Map<?, ?>) calls.getLast()).get("id"));
  }
}
