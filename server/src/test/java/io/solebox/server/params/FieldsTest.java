package io.solebox.server.params;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Problem;
import io.solebox.server.params.FieldTable.Read;
import io.solebox.server.params.FieldTable.Rule;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What was read is known, and the rest is passed over or refused by the table. */
class FieldsTest {
  private static final FieldTable TABLE =
      table(
          """
          # a comment
          top | a | any | anything
          top | b | any | anything
          top | c | string default "y" | a text
          top | n | integer 0.. | a number
          top | max_tokens | integer 1..10 | a number
          top | temperature | number 0..2 default 1 | a number
          top | n_predict | = max_tokens | another's name
          top | note | no effect | a note
          top, open | grammar | refused | There is none.
          top | penalty | refused unless 1 -1 1.75 | There is none.
          top | skip | refused unless true | There is none.
          open | * | no effect | anything
          """);

  private static FieldTable table(String text) {
    return FieldTable.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static Fields fields(String place, String json) {
    return new Fields(
        TABLE,
        place,
        "",
        new JsonReader(JsonLimits.LOCAL).readObject(json.getBytes(StandardCharsets.UTF_8)));
  }

  private static Problem refused(Fields fields, boolean strict) {
    return assertThrows(Problem.class, () -> fields.settle(strict));
  }

  @Test
  void whatWasReadIsNotRefused() {
    Fields fields = fields("top", "{\"a\": 1, \"b\": null, \"c\": \"x\"}");
    assertTrue(fields.has("a"));
    assertFalse(fields.has("b"));
    assertEquals(Optional.of("x"), fields.string("c"));
    fields.settle(true);
  }

  @Test
  void misspellingsAreRefusedWithWhatMayBeMeant() {
    Fields fields = fields("top", "{\"temprature\": 1}");
    fields.number("temperature");
    Problem problem = refused(fields, false);
    assertEquals("unknown_parameter", problem.code());
    assertEquals(Optional.of("temprature"), problem.param());
    assertTrue(problem.getMessage().contains("'temperature'"), problem.getMessage());
    assertTrue(refused(fields("top", "{\"gramar\": 1}"), false).getMessage().contains("'grammar'"));
    assertFalse(refused(fields("top", "{\"xyzzy\": 1}"), false).getMessage().contains("mean"));
  }

  @Test
  void otherNamesAreTakenAndNamedInErrors() {
    assertEquals(7, fields("top", "{\"n_predict\": 7}").whole("max_tokens").orElseThrow().value());
    assertEquals(
        7,
        fields("top", "{\"n_predict\": 7, \"max_tokens\": 7}").whole("max_tokens").get().value());
    assertEquals(
        8,
        fields("top", "{\"n_predict\": null, \"max_tokens\": 8}")
            .whole("max_tokens")
            .get()
            .value());
    assertThrows(Problem.class, () -> fields("top", "{\"n_predict\": 7, \"max_tokens\": 8}"));
    Fields wrong = fields("top", "{\"n_predict\": \"x\"}");
    Problem problem = assertThrows(Problem.class, () -> wrong.whole("max_tokens"));
    assertEquals(Optional.of("n_predict"), problem.param());
  }

  @Test
  void fieldsWithoutEffectArePassedOverUnlessStrict() {
    fields("top", "{\"note\": [1]}").settle(false);
    assertEquals("unsupported_parameter", refused(fields("top", "{\"note\": [1]}"), true).code());
    fields("open", "{\"whatever\": {}}").settle(false);
    assertEquals("unknown_parameter", refused(fields("open", "{\"whatever\": {}}"), true).code());
  }

  /** Also where it is read beside other fields only. */
  @ParameterizedTest
  @ValueSource(strings = {"a", "n_predict", "note", "grammar", "skip"})
  void nullIsAsGoodAsAbsent(String name) {
    fields("top", "{\"" + name + "\": null}").settle(true);
    assertEquals("unknown_parameter", refused(fields("top", "{\"xyzzy\": null}"), false).code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "grammar | null | false",
        "grammar | false | false",
        "grammar | \"\" | false",
        "grammar | {} | false",
        "grammar | 0 | false",
        "grammar | \"root ::= x\" | true",
        "grammar | true | true",
        "penalty | 1 | false",
        "penalty | 1.0 | false",
        "penalty | -1 | false",
        "penalty | 1.75 | false",
        "penalty | 1.5 | true",
        "skip | true | false",
        "skip | null | false",
        "skip | false | true"
      })
  void whatAsksForNothingIsNotRefused(String name, String value, boolean isRefused) {
    Fields fields = fields("top", "{\"" + name + "\": " + value + "}");
    if (isRefused) {
      Problem problem = refused(fields, false);
      assertEquals("unsupported_parameter", problem.code());
      assertTrue(problem.getMessage().contains("There is none."));
    } else {
      fields.settle(false);
    }
  }

  @Test
  void typesAreReadAsTheyAreWritten() {
    var several = (Read) rule("required string or [string or {part}] 1..16");
    assertTrue(several.required());
    var types = (FieldType.OneOf) several.type();
    assertEquals(new FieldType.Text(), types.types().getFirst());
    var items = (FieldType.Items) types.types().getLast();
    assertEquals(OptionalInt.of(16), items.most());
    assertEquals(
        new FieldType.OneOf(
            List.of(new FieldType.Text(), new FieldType.Members(Optional.of("part")))),
        items.each());
    var number = (Read) rule("number -2..0.5 default 0");
    assertEquals(
        new FieldType.Numeric(false, OptionalDouble.of(-2), OptionalDouble.of(0.5)), number.type());
    assertEquals(Optional.of("0"), number.absent());
    assertEquals(
        new FieldType.Numeric(true, OptionalDouble.of(1), OptionalDouble.empty()),
        ((Read) rule("integer 1..")).type());
    assertEquals(new FieldType.Word("two words"), ((Read) rule("\"two words\"")).type());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "strin", "[string", "string or", "string string", "default 3", "{a b}"})
  void mistakesInTypesAreFound(String what) {
    assertThrows(IllegalArgumentException.class, () -> rule(what));
  }

  private static Rule rule(String what) {
    return table("top | x | " + what + " | words").rows().getFirst().rule();
  }

  /** What the code reads and the table does not know would stand in no document. */
  @Test
  void whatIsReadMustStandInTheTable() {
    Fields fields = fields("top", "{}");
    assertThrows(AssertionError.class, () -> fields.string("nowhere"));
  }

  @Test
  void wholeNumbersOfAnySize() {
    assertEquals(7, fields("top", "{\"n\": 7.0}").whole("n").orElseThrow().value());
    Whole huge = fields("top", "{\"n\": 36893488147419103237}").whole("n").orElseThrow();
    assertEquals(Long.MAX_VALUE, huge.value());
    assertEquals(5, huge.bits()); // 2^65 + 5
    assertEquals(Integer.MAX_VALUE, huge.atLeast("n", 1));
    assertEquals(Long.MIN_VALUE, fields("top", "{\"n\": -1e999}").whole("n").orElseThrow().value());
    assertEquals(Long.MAX_VALUE, fields("top", "{\"n\": 1e300}").whole("n").orElseThrow().value());
    Fields half = fields("top", "{\"n\": 1.5}");
    assertThrows(Problem.class, () -> half.whole("n"));
    Fields tiny = fields("top", "{\"n\": 1e-999}");
    assertEquals(0, tiny.whole("n").orElseThrow().value());
  }
}
