package io.solebox.engine.constrain.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.constrain.CompiledGrammar;
import io.solebox.engine.constrain.grammar.Grammar;
import io.solebox.engine.constrain.grammar.PlainMatcher;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JsonSchemaTest {
  /** Far more than is needed; a schema that is not bounded takes minutes. */
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static Grammar grammar(String schema) {
    return JsonSchema.grammar(schema.getBytes(StandardCharsets.UTF_8), SchemaOptions.DEFAULT);
  }

  private static List<String> lines(String resource) throws IOException {
    try (InputStream in = JsonSchemaTest.class.getResourceAsStream(resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }

  /** Lines of a schema behind {@code #}, of a text it takes behind +, and of one it refuses. */
  @Test
  void takesWhatIsValidAndNothingElse() throws IOException {
    List<String> wrong = new ArrayList<>();
    String schema = "";
    for (String line : lines("/constrain/schema-texts.txt")) {
      if (line.startsWith("#")) {
        schema = line.substring(1);
      } else {
        Grammar grammar = grammar(schema);
        boolean accepted = PlainMatcher.accepts(grammar, line.substring(1));
        if (accepted != line.startsWith("+")) {
          wrong.add(line + " of " + schema);
        }
        if (CompiledGrammar.of(grammar).accepts(line.substring(1)) != accepted) {
          wrong.add("compiled: " + line + " of " + schema);
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  /** Lines of a schema and the place of what it is refused for. */
  @Test
  void refusesWithThePlaceWhatItCannotHold() throws IOException {
    for (String line : lines("/constrain/schema-refusals.txt")) {
      int gap = line.lastIndexOf(' ');
      String schema = line.substring(0, gap);
      SoleboxException refusal =
          assertThrows(SoleboxException.class, () -> grammar(schema), schema);
      assertEquals(ErrorCode.BAD_GRAMMAR, refusal.code(), schema);
      assertEquals(line.substring(gap + 1), refusal.place(), schema);
    }
  }

  @Test
  void ofAnEnumThatIsHugeTakesEachValue() {
    String values =
        IntStream.range(0, 10_000)
            .mapToObj(i -> "\"value " + i + "\"")
            .collect(Collectors.joining(","));
    Grammar grammar = grammar("{\"enum\":[" + values + "]}");
    assertTrue(PlainMatcher.accepts(grammar, "\"value 9999\""));
    assertFalse(PlainMatcher.accepts(grammar, "\"value 10000\""));
  }

  /** 20 times one of 10 options are more combinations than there is memory. */
  @Test
  void isRefusedInTimeWhereCombinationsAreTooMany() {
    String options =
        IntStream.range(0, 10)
            .mapToObj(i -> "{\"properties\":{\"name%d\":{\"const\":%d}}}".formatted(i, i))
            .collect(Collectors.joining(","));
    String nest =
        IntStream.range(0, 20)
            .mapToObj(i -> "{\"anyOf\":[" + options.replace("\"name", "\"name" + i + "_") + "]}")
            .collect(Collectors.joining(","));
    SoleboxException refusal =
        assertTimeoutPreemptively(
            LIMIT,
            () ->
                assertThrows(SoleboxException.class, () -> grammar("{\"allOf\":[" + nest + "]}")));
    assertTrue(refusal.getMessage().contains("ways to combine"), refusal.getMessage());
  }

  /** Each definition refers to the next twice: there are 2^40 paths, and 40 schemas. */
  @Test
  void looksAtEachSchemaOnce() {
    String definitions =
        IntStream.range(0, 40)
            .mapToObj(
                i ->
                    "\"d%d\":{\"allOf\":[{\"$ref\":\"#/$defs/d%d\"},{\"$ref\":\"#/$defs/d%d\"}]}"
                        .formatted(i, i + 1, i + 1))
            .collect(Collectors.joining(","));
    Grammar grammar =
        assertTimeoutPreemptively(
            LIMIT,
            () ->
                grammar(
                    "{\"$ref\":\"#/$defs/d0\",\"$defs\":{%s,\"d40\":{\"type\":\"integer\"}}}"
                        .formatted(definitions)));
    assertTrue(PlainMatcher.accepts(grammar, "12"));
  }

  @Test
  void writesManyOptionalPropertiesOnlyAFewTimes() {
    String properties =
        IntStream.range(0, 1_000)
            .mapToObj(i -> "\"p%d\":{\"type\":\"integer\"}".formatted(i))
            .collect(Collectors.joining(","));
    Grammar grammar =
        assertTimeoutPreemptively(
            LIMIT,
            () -> grammar("{\"type\":\"object\",\"properties\":{%s}}".formatted(properties)));
    assertTrue(PlainMatcher.accepts(grammar, "{\"p3\": 1, \"p999\": 2}"));
    assertFalse(PlainMatcher.accepts(grammar, "{\"p999\": 1, \"p3\": 2}"));
  }

  @Test
  void hasNoWhiteSpaceWhereNoneIsWanted() {
    Grammar compact =
        JsonSchema.grammar(
            "{\"type\":\"array\"}".getBytes(StandardCharsets.UTF_8),
            new SchemaOptions(false, false));
    assertTrue(PlainMatcher.accepts(compact, "[1,2]"));
    assertFalse(PlainMatcher.accepts(compact, "[1, 2]"));
  }

  @Test
  void boundsWhiteSpace() {
    Grammar grammar = grammar("{\"type\":\"array\"}");
    assertTrue(PlainMatcher.accepts(grammar, "[\n  1,\n  2\n]"));
    assertFalse(PlainMatcher.accepts(grammar, "[" + " ".repeat(100) + "1]"));
    assertFalse(PlainMatcher.accepts(grammar, " []"));
    assertFalse(PlainMatcher.accepts(grammar, "[]\n"));
  }

  @Test
  void passesOverWhatIsNotKnownWhereTheReadingIsLenient() {
    SchemaOptions lenient = new SchemaOptions(true, true);
    String schema = "{\"type\":\"string\",\"format\":\"phone\",\"hint\":1}";
    Grammar grammar = JsonSchema.grammar(schema.getBytes(StandardCharsets.UTF_8), lenient);
    assertTrue(PlainMatcher.accepts(grammar, "\"x\""));
  }
}
