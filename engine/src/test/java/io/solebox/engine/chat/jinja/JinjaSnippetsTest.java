package io.solebox.engine.chat.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.chat.JsonValues;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Small templates for every part of the language, with what jinja2 3.1.6 makes of them: {@code
 * src/test/resources/chat/generate.py} wrote the expectations.
 */
@Timeout(60)
class JinjaSnippetsTest {
  static final Path SNIPPETS = Path.of("src/test/resources/chat/snippets.jsonl");
  private static final Pattern WIDE = Pattern.compile("[\uff21-\uff3a\uff41-\uff5a]");
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-07-14T09:05:03Z"), ZoneOffset.UTC);

  @Test
  void rendersWhatJinjaRenders() throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(SNIPPETS)) {
      lines.add(JsonMapper.shared().readTree(line));
    }
    Map<String, Object> variables = JsonValues.map(lines.getFirst().get("variables"));
    List<String> failures = new ArrayList<>();
    for (JsonNode sample : lines.subList(1, lines.size())) {
      check(sample, variables).ifPresent(failures::add);
    }
    assertTrue(lines.size() > 650, "only " + lines.size() + " snippets");
    assertEquals(List.of(), failures);
  }

  /** Whatever a template does with them: what was given stays plain. */
  @Test
  void nothingThatIsGivenBecomesTheTemplates() throws IOException {
    List<String> lines = Files.readAllLines(SNIPPETS);
    Map<String, Object> variables =
        JsonValues.map(JsonMapper.shared().readTree(lines.getFirst()).get("variables"));
    variables.replaceAll((name, value) -> wide(value));
    int count = 0;
    for (String line : lines.subList(1, lines.size())) {
      String template = JsonMapper.shared().readTree(line).get("template").asString();
      try {
        Text text = JinjaTemplate.compile(template).render(variables, CLOCK);
        for (int part = 0; part < text.parts(); part++) {
          String piece = text.string().substring(text.start(part), text.end(part));
          assertTrue(!text.isWritten(part) || !WIDE.matcher(piece).find(), template + piece);
        }
        count++;
      } catch (TemplateFailure failure) {
        // With other values some fail.
      }
    }
    assertTrue(count > 450, "only " + count);
  }

  /** The same texts in an alphabet that no snippet uses. */
  private static Object wide(Object value) {
    return switch (value) {
      case String text ->
          text.codePoints()
              .map(c -> c < 0x80 && Character.isLetter(c) ? c - '!' + 0xff01 : c)
              .mapToObj(Character::toString)
              .collect(Collectors.joining());
      case List<?> list -> new ArrayList<>(list.stream().map(JinjaSnippetsTest::wide).toList());
      case Map<?, ?> map -> {
        Map<Object, Object> copy = new LinkedHashMap<>();
        map.forEach((key, item) -> copy.put(key, wide(item)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static Optional<String> check(JsonNode sample, Map<String, Object> variables) {
    String template = sample.get("template").asString();
    Optional<String> expected = sample.optional("expected").map(JsonNode::asString);
    try {
      String actual = JinjaTemplate.compile(template).render(variables, CLOCK).string();
      return expected.equals(Optional.of(actual))
          ? Optional.empty()
          : Optional.of(template + "\n  expected " + sample + "\n  actual   " + actual);
    } catch (TemplateFailure failure) {
      return expected.map(text -> template + "\n  expected " + text + "\n  failed   " + failure);
    }
  }
}
