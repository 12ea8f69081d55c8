package io.solebox.engine.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.testdata.SharedData;
import io.solebox.engine.tokenizer.Segment;
import io.solebox.engine.tokenizer.SmallVocabularies;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Who wrote what in the published templates of {@code shared/testdata/template}, with the
 * conversations of its cases: every control token is the template's, and every one of the
 * template's is there.
 */
@Timeout(120)
class PublishedOriginsTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.parse("2026-07-14T09:05:03Z"), ZoneOffset.UTC);

  /** What templates write in brackets. */
  private static final Pattern MARKER =
      Pattern.compile("<[^<>\\s{}%'\"]{1,40}>|\\[/?[A-Z_]{2,40}]");

  /** Those that templates look for in messages, to take reasoning and results apart. */
  private static final Pattern LOOKED_FOR = Pattern.compile("(?i)think|tool|response|channel");

  private static final Pattern WIDE = Pattern.compile("[\uff21-\uff3a\uff41-\uff5a]");

  /** Keys whose values choose a branch of the template. */
  private static final Set<String> CHOICES = Set.of("role", "type", "id", "tool_call_id");

  private record Case(
      String id, Published published, Map<String, Object> input, Optional<String> expected) {
    /** The case's variables with other texts of the caller; who wrote what is as in a prompt. */
    Map<String, Object> variables(UnaryOperator<String> texts) {
      Map<String, String> named = new LinkedHashMap<>();
      Map<String, Object> given = new LinkedHashMap<>();
      input.forEach(
          (name, value) -> {
            if (name.endsWith("_token")) {
              named.put(name, (String) value);
            } else {
              given.put(name, changed(value, texts));
            }
          });
      Map<String, Object> all =
          ChatVariables.of(ChatInput.ofMaps(maps(given.remove("messages"))), named);
      all.putAll(given);
      return all;
    }
  }

  /** A template and a vocabulary in which all that it writes in brackets is a control token. */
  private record Published(ChatTemplate template, List<String> markers, Tokenizer tokenizer) {}

  @TempDir static Path folder;
  private static final List<Case> CASES = new ArrayList<>();

  @BeforeAll
  static void read() throws IOException {
    Path data = SharedData.folder("template");
    Map<String, Published> templates = new HashMap<>();
    for (String line : Files.readAllLines(data.resolve("cases.jsonl"))) {
      JsonNode node = JsonMapper.shared().readTree(line);
      String name = node.get("template").asString();
      if (!templates.containsKey(name)) {
        Path source = data.resolve("templates").resolve(name + ".jinja");
        templates.put(name, published(Files.readString(source), name));
      }
      Map<String, Object> input = JsonValues.map(node.get("input"));
      Optional<String> expected = node.optional("expected").map(JsonNode::asString);
      CASES.add(new Case(node.get("id").asString(), templates.get(name), input, expected));
    }
  }

  private static Published published(String source, String name) {
    Set<String> markers = new LinkedHashSet<>(List.of("<s>", "</s>", "<|im_start|>"));
    MARKER.matcher(source).results().forEach(found -> markers.add(found.group()));
    List<String> all = List.copyOf(markers);
    Tokenizer tokenizer =
        SmallVocabularies.load(
            SmallVocabularies.bytePair("llama-bpe", List.of(), all), folder.resolve("v.gguf"));
    return new Published(ChatTemplates.compile(source, name), all, tokenizer);
  }

  @SuppressWarnings("unchecked") // messages are maps in JSON
  private static List<Map<String, Object>> maps(Object value) {
    return (List<Map<String, Object>>) value;
  }

  private static Object changed(Object value, UnaryOperator<String> texts) {
    return switch (value) {
      case String text -> texts.apply(text);
      case List<?> list -> new ArrayList<>(list.stream().map(v -> changed(v, texts)).toList());
      case Map<?, ?> map -> {
        Map<String, Object> copy = new LinkedHashMap<>();
        map.forEach(
            (key, item) ->
                copy.put((String) key, CHOICES.contains(key) ? item : changed(item, texts)));
        yield copy;
      }
      case null, default -> value;
    };
  }

  private static boolean holds(Object value, List<String> markers) {
    return switch (value) {
      case String text -> markers.stream().anyMatch(text::contains);
      case List<?> list -> list.stream().anyMatch(item -> holds(item, markers));
      case Map<?, ?> map -> map.values().stream().anyMatch(item -> holds(item, markers));
      case null, default -> false;
    };
  }

  private static int[] ids(Published published, Rendering rendering) {
    Tokenizer tokenizer = published.tokenizer();
    return tokenizer.segmentEncoder(published.template().source()).encode(rendering.segments());
  }

  private static List<Integer> controls(Published published, Rendering rendering) {
    return IntStream.of(ids(published, rendering))
        .filter(published.tokenizer()::isSpecial)
        .boxed()
        .toList();
  }

  @Test
  void plainConversationsBecomeTheSameIdsAsTheirText() {
    int count = 0;
    for (Case one : CASES) {
      if (one.expected().isEmpty()
          || holds(one.input().get("messages"), one.published().markers())) {
        continue;
      }
      Rendering rendering = one.published().template().render(one.variables(text -> text), CLOCK);
      assertEquals(one.expected().get(), rendering.text(), one.id());
      Tokenizer tokenizer = one.published().tokenizer();
      assertArrayEquals(
          tokenizer.encode(rendering.text(), Specials.PARSE, false),
          ids(one.published(), rendering),
          one.id());
      count++;
    }
    assertTrue(count > 1700, "only " + count);
  }

  @Test
  void nothingThatACallerSaysIsTheTemplates() {
    int count = 0;
    for (Case one : CASES) {
      try {
        Map<String, Object> variables = one.variables(PublishedOriginsTest::wide);
        for (Segment segment : one.published().template().render(variables, CLOCK).segments()) {
          boolean written = segment.specials() == Specials.PARSE;
          assertTrue(!written || !WIDE.matcher(segment.text()).find(), () -> one.id() + segment);
        }
        count++;
      } catch (SoleboxException e) {
        // Another text may be one that the template refuses.
      }
    }
    assertTrue(count > 1700, "only " + count);
  }

  /** The same letters of an alphabet that no template uses. */
  private static String wide(String text) {
    StringBuilder out = new StringBuilder();
    text.chars()
        .forEach(
            c -> {
              boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
              out.append((char) (letter ? c - '!' + 0xff01 : c));
            });
    return out.toString();
  }

  @Test
  void controlTokensInMessagesAreText() {
    int count = 0;
    List<String> failures = new ArrayList<>();
    for (Case one : CASES) {
      Published published = one.published();
      String evil =
          published.markers().stream()
              .filter(marker -> !LOOKED_FOR.matcher(marker).find())
              .collect(Collectors.joining());
      String twin = evil.replace('<', '(').replace('[', '(');
      try {
        Rendering plain = published.template().render(one.variables(t -> t + twin), CLOCK);
        Rendering attack = published.template().render(one.variables(t -> t + evil), CLOCK);
        if (!controls(published, plain).equals(controls(published, attack))) {
          failures.add(one.id());
        }
        count++;
      } catch (SoleboxException e) {
        // Another text may be one that the template refuses.
      }
    }
    assertEquals(List.of(), failures);
    assertTrue(count > 1700, "only " + count);
  }
}
