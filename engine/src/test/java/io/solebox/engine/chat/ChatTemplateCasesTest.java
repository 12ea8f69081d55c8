package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.testdata.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Every case of {@code shared/testdata/template}: 77 templates of published models, rendered by
 * transformers 5.18.0 (the folder's README says how).
 */
@Timeout(120)
class ChatTemplateCasesTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-07-14T09:05:03Z"), ZoneOffset.UTC);

  private Path data;
  private final JsonMapper json = JsonMapper.builder().build();
  private final Map<String, ChatTemplate> compiled = new HashMap<>();

  @Test
  void rendersWhatTransformersRenders() throws IOException {
    data = SharedData.folder("template");
    List<String> failures = new ArrayList<>();
    int count = 0;
    try (Stream<String> lines = Files.lines(data.resolve("cases.jsonl"))) {
      for (String line : (Iterable<String>) lines::iterator) {
        JsonNode sample = json.readTree(line);
        count++;
        check(sample).ifPresent(problem -> failures.add(sample.get("id").asString() + problem));
      }
    }
    assertEquals(List.of(), failures);
    assertTrue(count >= 2310, "only " + count + " cases were read");
  }

  private Optional<String> check(JsonNode sample) throws IOException {
    String actual;
    try {
      actual =
          template(sample.get("template").asString())
              .render(JsonValues.map(sample.get("input")), CLOCK)
              .text();
    } catch (SoleboxException refused) {
      return checkRefusal(sample, refused);
    }
    if (sample.has("expected")) {
      String expected = sample.get("expected").asString();
      return expected.equals(actual)
          ? Optional.empty()
          : Optional.of(":\nexpected " + expected + "\nactual   " + actual);
    }
    boolean mayRender = sample.get("error").get("kind").asString().equals("runtime");
    return mayRender ? Optional.empty() : Optional.of(" renders, but should be refused");
  }

  private static Optional<String> checkRefusal(JsonNode sample, SoleboxException refused) {
    if (sample.has("expected") || refused.code() != ErrorCode.BAD_TEMPLATE) {
      return Optional.of(": " + refused.describe());
    }
    JsonNode error = sample.get("error");
    boolean raised = error.get("kind").asString().equals("raise_exception");
    return raised && !error.get("message").asString().equals(refused.getMessage())
        ? Optional.of(": wrong message " + refused.getMessage())
        : Optional.empty();
  }

  private ChatTemplate template(String name) throws IOException {
    if (!compiled.containsKey(name)) {
      String source = Files.readString(data.resolve("templates").resolve(name + ".jinja"));
      compiled.put(name, ChatTemplates.compile(source, name));
    }
    return compiled.get(name);
  }
}
