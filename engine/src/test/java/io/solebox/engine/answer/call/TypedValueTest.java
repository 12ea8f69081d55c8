package io.solebox.engine.answer.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What values without quotes are, by their schema. */
class TypedValueTest {
  private static String json(Schema schema, String raw) {
    TypedValue value = new TypedValue(schema);
    StringBuilder json = new StringBuilder();
    raw.chars().forEach(c -> value.accept((char) c, json));
    value.finish(json);
    return json.toString();
  }

  private static Schema schema(String types) {
    return types.equals("any")
        ? Schema.ANY
        : Schema.read(Map.of("type", List.of(types.split(","))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          string           | 0042         | "0042"
          string           | null         | "null"
          string           | {"a": 1}     | "{\\"a\\": 1}"
          string           | say "hi"     | "say \\"hi\\""
          string           | C:\\new       | "C:\\\\new"
          integer          | 12           | 12
          integer          | ` 12 `       | 12
          integer          | many         | "many"
          integer          | "5"          | "5"
          number           | -1.5e-07     | -1.5e-07
          boolean          | true         | true
          boolean          | True         | true
          boolean          | yes          | "yes"
          object           | {"a": [1]}   | {"a": [1]}
          object           | {"a": [1}    | "{\\"a\\": [1}"
          array            | []           | []
          null             | None         | null
          string,null      | null         | null
          string,null      | nullable     | "nullable"
          string,null      | None         | "None"
          string,null      | 7            | "7"
          string,null      | "kim"        | "\\"kim\\""
          string,integer   | 7            | 7
          string,integer   | 7 days       | "7 days"
          any              | 5.5          | 5.5
          any              | plain words  | "plain words"
          any              | true         | true
          any              | {"a": [1]}   | {"a": [1]}
          any              | "quoted"     | "quoted"
          any              | `[1, 2`      | "[1, 2"
          """)
  void byType(String types, String raw, String expected) {
    assertEquals(expected, json(schema(types), raw));
  }

  @Test
  void emptyAndOddTexts() {
    assertEquals("\"\"", json(schema("string"), ""));
    assertEquals("\"\"", json(Schema.ANY, ""));
    assertEquals("\"\\na\\t\\u0001 b\\n\"", json(schema("string"), "\na\t\u0001 b\n"));
    assertEquals("{\"a\":\"x\\ny\"}", json(schema("object"), "{\"a\":\"x\ny\"}"));
  }

  @Test
  void textGoesOutAsSoonAsItIsNothingElse() {
    TypedValue value = new TypedValue(schema("string,null"));
    StringBuilder json = new StringBuilder();
    value.accept('n', json);
    value.accept('u', json);
    assertEquals("", json.toString());
    value.accept('t', json);
    assertEquals("\"nut", json.toString());
    TypedValue text = new TypedValue(schema("string"));
    text.accept('n', json);
    assertEquals("\"nut\"n", json.toString());
  }
}
