package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** The chunks of a stream that is complete. */
final class Chunks {
  private Chunks() {}

  static List<Map<String, Object>> of(RawClient.Answer answer) {
    List<String> events = answer.events();
    assertEquals("[DONE]", events.getLast(), answer::text);
    JsonReader reader = new JsonReader(JsonLimits.LOCAL);
    return events.subList(0, events.size() - 1).stream()
        .map(event -> reader.readObject(event.getBytes(StandardCharsets.UTF_8)))
        .toList();
  }
}
