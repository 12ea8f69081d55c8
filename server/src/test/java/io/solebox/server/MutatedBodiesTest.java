package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Method;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Bodies with one thing or another wrong, at every route that takes one: never 5xx, never a hang.
 */
@Timeout(120)
class MutatedBodiesTest {
  private static final int EACH = 60;

  /**
   * A body from which those of many routes can be made: routes pass over nothing of it silently.
   */
  private static final String ANY =
      """
      {"model": "echo", "messages": [{"role": "user", "content": [{"type": "text", "text": "hi"}]}],
       "prompt": "hi", "input": [{"role": "user", "content": "hi"}], "max_tokens": 3,
       "temperature": 0.5, "stop": ["x"], "stream": false, "logprobs": true, "seed": 3,
       "logit_bias": {"3": 1}, "stream_options": {"include_usage": true},
       "tools": [{"type": "function", "function": {"name": "f", "parameters": {"type": "object"}}}],
       "tool_choice": {"type": "function", "function": {"name": "f"}}, "metadata": {"a": "b"},
       "query": "q", "documents": ["a", {"text": "b"}], "content": "hi", "tokens": [1, 2],
       "input_file_id": "file-1", "endpoint": "/v1/completions", "items": [{"role": "user", "content": "x"}],
       "options": {"num_predict": 3}, "system": "s", "top_logprobs": 2, "n": 2, "thinking": {"type": "enabled", "budget_tokens": 9}}
      """;

  /** What the routes take that answer; the others are sent whatever there is. */
  private static final Map<String, Set<String>> TAKEN =
      Map.of(
          "/v1/chat/completions",
          Set.of(
              "messages",
              "max_tokens",
              "temperature",
              "stop",
              "stream",
              "logprobs",
              "seed",
              "logit_bias",
              "n"),
          "/v1/completions",
          Set.of("prompt", "max_tokens", "temperature", "stop", "stream", "seed", "n"),
          "/v1/responses",
          Set.of("input", "temperature", "stream", "metadata"),
          "/v1/messages",
          Set.of("messages", "max_tokens", "temperature", "stream", "system"),
          "/v1/conversations",
          Set.of("items", "metadata"));

  private static final Set<String> NEEDED =
      Set.of("model", "messages", "prompt", "input", "max_tokens", "items");

  private static final List<Object> ODD =
      List.of(
          true,
          0L,
          -1L,
          Long.MAX_VALUE,
          1e308,
          "",
          "\u0000\ud83d\ude00",
          "x".repeat(3000),
          List.of(),
          Map.of(),
          List.of(List.of(1L)),
          Map.of("type", "none"));

  @TempDir private Path folder;
  private final Random random = new Random(20);
  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);
  private final JsonWriter json = new JsonWriter();

  @Test
  void neverAFaultOfTheServer() throws IOException {
    ServerConfig config = ServerConfig.defaults().withStateFile(folder.resolve("server.db"));
    try (TestServer server = new TestServer(config)) {
      for (Api api : server.server.apis()) {
        for (Route route : api.routes()) {
          int accepted = 0;
          for (int i = 0; route.method() == Method.POST && i < EACH; i++) {
            accepted += call(server, route) ? 1 : 0;
          }
          boolean meant = TAKEN.containsKey(route.path()) && route.method() == Method.POST;
          assertTrue(!meant || accepted > EACH / 8, route.path() + " has refused nearly all");
        }
      }
    }
  }

  /** Returns whether the route took the body. */
  private boolean call(TestServer server, Route route) throws IOException {
    String path = route.path().replaceAll("\\{[^}]+}", "echo");
    String body = json.text(mutated(route.path()));
    String header = route.header().map(name -> name + ": 1").orElse("X-Nothing: 1");
    RawClient.Answer answer = server.call("POST", path, body, header);
    assertFalse(answer.status() >= 500, () -> path + " answered " + answer.text() + " to " + body);
    return answer.status() == 200;
  }

  private Map<String, Object> mutated(String path) {
    Map<String, Object> body = reader.readObject(ANY.getBytes(StandardCharsets.UTF_8));
    Set<String> taken = TAKEN.getOrDefault(path, body.keySet());
    body.keySet()
        .removeIf(
            name ->
                !(taken.contains(name) || name.equals("model"))
                    || (!NEEDED.contains(name) && random.nextBoolean()));
    if (path.equals("/v1/conversations")) {
      body.remove("model");
    }
    int changes = random.nextInt(3);
    Map<String, Object> changed = body;
    for (int i = 0; i < changes; i++) {
      changed = members(mutated(changed));
    }
    return changed;
  }

  @SuppressWarnings("unchecked") // what is read as an object stays one
  private static Map<String, Object> members(Object value) {
    return (Map<String, Object>) value;
  }

  /** The same with one value in it that is another one, or gone. */
  private Object mutated(Object value) {
    switch (value) {
      case Map<?, ?> map when !map.isEmpty() -> {
        Map<String, Object> copy = new LinkedHashMap<>(members(map));
        List<String> names = new ArrayList<>(copy.keySet());
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
          case 0 -> copy.put(name, ODD.get(random.nextInt(ODD.size())));
          case 1 -> copy.put(name, null);
          case 2 -> copy.put(name + "s", copy.get(name));
          default -> copy.computeIfPresent(name, (_, inner) -> inside(inner));
        }
        return copy;
      }
      case List<?> list when !list.isEmpty() -> {
        List<Object> copy = new ArrayList<>(list);
        int at = random.nextInt(copy.size());
        copy.set(at, copy.get(at) == null ? 7L : inside(copy.get(at)));
        return copy;
      }
      default -> {
        return ODD.get(random.nextInt(ODD.size()));
      }
    }
  }

  private Object inside(Object value) {
    return value instanceof Map || value instanceof List
        ? mutated(value)
        : ODD.get(random.nextInt(ODD.size()));
  }
}
