package io.solebox.engine.json;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read, what is refused, and how a refusal says what and where. */
class JsonReaderTest {
  private static final JsonReader READER = new JsonReader(new JsonLimits(10_000, 10, 2000, 100));

  private static Object read(String text) {
    return READER.read(text.getBytes(UTF_8));
  }

  private static JsonException refused(byte[] text) {
    return assertThrows(JsonException.class, () -> READER.read(text));
  }

  private static JsonException refused(String text) {
    return refused(text.getBytes(UTF_8));
  }

  @Test
  void valuesKeepTheirKindAndOrder() {
    Object value =
        read(" {\"z\": [1, -2.5, true, false, null, \"é\\u00e9\\ud83d\\ude00😀\"], \"a\": {}} \n");
    Map<?, ?> map = assertInstanceOf(Map.class, value);
    assertEquals(List.of("z", "a"), List.copyOf(map.keySet()));
    assertEquals(Arrays.asList(1L, -2.5, true, false, null, "éé😀😀"), map.get("z"));
    assertEquals(Map.of(), map.get("a"));
    assertNull(read("null"));
    assertEquals("", read("\"\""));
  }

  @Test
  void whatPythonWritesForNoNumber() {
    JsonReader python = JsonReader.ofPython(JsonLimits.LOCAL);
    byte[] text = "[NaN, Infinity, -Infinity, 1e999]".getBytes(UTF_8);
    assertEquals(
        List.of(
            Double.NaN,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY,
            new BigDecimal("1e999")),
        python.read(text));
    assertEquals(1, refused("NaN").line());
    assertEquals(1, refused("[Infinity]").line());
  }

  @Test
  void numbersOfAnySize() {
    assertEquals(Long.MIN_VALUE, read("-9223372036854775808"));
    assertEquals(new BigInteger("9223372036854775808"), read("9223372036854775808"));
    assertEquals(1e308, read("1e308"));
    assertEquals(new BigDecimal("1e999"), read("1e999"));
    assertEquals(0.0, read("1e-999"));
    assertEquals(1.0, read("1.0"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\":1,} | '}' stands where a name in double quotes was expected | 1 | 8 | ``",
        "{'a':1} | ''' stands where a name in double quotes was expected | 1 | 2 | ``",
        "{\"a\" 1} | '1' stands where a colon was expected | 1 | 6 | a",
        "{\"a\":1 2} | '2' stands where a comma or the closing bracket was expected | 1 | 8 | a",
        "{\"é😀\":1,é} | 'é' stands where a name in double quotes was expected | 1 | 9 | ``",
        "{\"a\":[0,{\"b\":tru}]} | 'tru' is no JSON value | 1 | 14 | a[1].b",
        "{\"a\":NaN} | 'NaN' is no JSON value | 1 | 9 | a",
        "{\"a\":[1} | '}' closes nothing that is open here | 1 | 8 | a[0]",
        "{\"a\":01} | A number begins with a zero that is not all of it | 1 | 7 | a",
        "[1.] | This is not how JSON writes a number | 1 | 4 | [0]",
        "[+1] | This is not how JSON writes a number | 1 | 3 | [0]",
        "[1e99999999999] | A number has an exponent that is too large | 1 | 2 | [0]",
        "[\"\\x\"] | 'x' after a backslash is no escape that JSON has | 1 | 4 | [0]",
        "[\"\\u12\"] | '\\u' in a string must be followed by four hexadecimal digits | 1 | 7 | [0]",
        "/**/1 | JSON has no comments | 1 | 1 | ``",
        "{\"a\":1,\"a\":2} | The name appears twice in one object | 1 | 8 | a",
        "{\"a b\":{\"c\":1,\"c\":2}} | The name appears twice in one object | 1 | 15 | [\"a b\"].c",
        "{}{} | There is more text after the end of the JSON value | 1 | 3 | ``",
        "{\"a\":\"x | The text ends before its JSON value is complete | 1 | 8 | a",
        "{\"a\": | The text ends before its JSON value is complete | 1 | 6 | a",
        "`` | The text ends before its JSON value begins | 1 | 1 | ``",
        "[\"\\ud83d\"] | A string has half a surrogate pair | 1 | 3 | [0]",
        "[\"ab\\ud83d\\ude00\\ude00\"] | A string has half a surrogate pair | 1 | 17 | [0]",
        "[\"\\\\ud83d\\ud83dx\"] | A string has half a surrogate pair | 1 | 10 | [0]",
      })
  void refusalsSayWhatAndWhere(String text, String what, int line, int column, String path) {
    JsonException e = refused(text);
    assertEquals(what, e.what());
    assertEquals(line + ":" + column, e.line() + ":" + e.column());
    assertEquals(path, e.path());
    assertTrue(e.getMessage().startsWith(what + " (line " + line + ", column " + column));
  }

  @Test
  void linesAreCounted() {
    JsonException e =
        refused("{\n  \"messages\": [\n    {\"content\": \"ok\"},\n    {\"content\": x}]}");
    assertEquals("messages[1].content", e.path());
    assertEquals("4:17", e.line() + ":" + e.column());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\"\\ud800\":1}", "{\"\\udc00\":1}", "{\"\\ude00\\ud83d\":1}"})
  void halfPairsInNames(String text) {
    JsonException e = refused(text);
    assertTrue(e.what().contains("surrogate"), e.what());
    assertEquals(1, e.line());
  }

  @Test
  void invalidBytesAreLocated() {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("{\"a\":1,\n\"messages\":[{\"content\":\"né ".getBytes(UTF_8));
    text.write(0x85);
    text.writeBytes("\"}]}".getBytes(UTF_8));
    JsonException e = refused(text.toByteArray());
    assertEquals("The byte 0x85 is not valid UTF-8", e.what());
    assertEquals("2:28", e.line() + ":" + e.column());
    assertEquals("messages[0].content", e.path());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c0 80",
        "e0 80 80",
        "f0 80 80 80",
        "f4 90 80 80",
        "f8 88 80 80 80",
        "80",
        "c3",
        "ed a0 bd"
      })
  void formsThatUtf8DoesNotAllow(String hex) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes("[\"".getBytes(UTF_8));
    for (String part : hex.split(" ")) {
      text.write(Integer.parseInt(part, 16));
    }
    text.writeBytes("\"]".getBytes(UTF_8));
    JsonException e = refused(text.toByteArray());
    assertTrue(e.what().contains("is not valid UTF-8"), e.what());
    assertEquals(3, e.column());
    assertEquals("[0]", e.path());
  }

  @Test
  void otherEncodingsAreNamed() {
    String text = "{\"a\":\"née\"}";
    assertTrue(refused(text.getBytes(ISO_8859_1)).what().contains("Latin-1"));
    for (String name : List.of("UTF-16BE", "UTF-16LE", "UTF-32BE", "UTF-32LE")) {
      String said = refused(text.getBytes(Charset.forName(name))).what();
      assertTrue(said.contains(name.substring(0, 6)), said);
    }
    assertTrue(refused(text.getBytes(Charset.forName("UTF-16"))).what().contains("UTF-16 (big"));
    assertEquals("U+0000 stands where a value was expected", refused("\0\0a\0").what());
  }

  @Test
  void aByteOrderMarkIsPassedOver() {
    assertEquals(Map.of("a", 1L), read("\ufeff{\"a\":1}"));
    JsonException e = refused("\ufeff{\"a\":x}");
    assertEquals("1:6", e.line() + ":" + e.column());
    assertTrue(
        refused("\ufeff\ufeff1").what().startsWith("U+FEFF"), refused("\ufeff\ufeff1").what());
  }

  @Test
  void limits() {
    assertTrue(refused("[".repeat(11) + "]".repeat(11)).what().contains("deeper than 10 levels"));
    read("[".repeat(10) + "]".repeat(10));
    assertTrue(
        refused("\"" + "x".repeat(2001) + "\"").what().contains("more than 2000 characters"));
    assertTrue(refused("{\"" + "x".repeat(2001) + "\":1}").what().contains("more than 2000"));
    assertTrue(refused("9".repeat(1001)).what().contains("more than 1000 digits"));
    assertTrue(refused("[" + "1,".repeat(99) + "1]").what().contains("more than 100 values"));
    read("[" + "1,".repeat(98) + "1]");
    assertTrue(refused(" ".repeat(10_001)).what().contains("longer than 10000 bytes"));
  }

  @Test
  void messagesAreNotCutInsideCharacters() {
    for (int shift = 0; shift < 4; shift++) {
      String name = "x".repeat(shift) + "😀".repeat(80);
      JsonException e = refused("{\"" + name + "\":1,\"" + name + "\":2}");
      assertFalse(e.getMessage().contains("\ufffd"), e.getMessage());
      assertEquals(e.getMessage(), new String(e.getMessage().getBytes(UTF_8), UTF_8));
      assertTrue(e.getMessage().length() < 200);
      e = refused("[" + "é".repeat(shift) + "😀".repeat(40) + "]");
      assertEquals(e.getMessage(), new String(e.getMessage().getBytes(UTF_8), UTF_8));
    }
  }

  @Test
  void anObjectMayBeAskedFor() {
    byte[] list = "[1]".getBytes(UTF_8);
    var e = assertThrows(JsonException.class, () -> READER.readObject(list));
    assertEquals("The text must be a JSON object", e.what());
  }

  @Test
  void whatIsNotWantedIsPassedOver() {
    JsonSkips skips = JsonSkips.of(List.of("metadata", "messages[].extra", "grid[][].x", "tags[]"));
    String text =
        """
        {"metadata": {"a": [%s], "a": 1}, "a": 1, "tags": [{}, 2], "messages":
         [{"extra": "%s", "content": "hi"}, {"content": "x"}], "grid": [[{"x": 1, "y": 2}]]}"""
            .formatted("1,".repeat(500) + "1", "y".repeat(500));
    Map<String, Object> read = READER.readObject(text.getBytes(UTF_8), skips);
    assertTrue(read.containsKey("metadata"));
    assertNull(read.get("metadata"));
    assertEquals(Arrays.asList(null, null), read.get("tags"));
    Map<?, ?> message = (Map<?, ?>) ((List<?>) read.get("messages")).getFirst();
    assertTrue(message.containsKey("extra"));
    assertNull(message.get("extra"));
    assertEquals("hi", message.get("content"));
    assertEquals(
        "{x=null, y=2}", ((List<?>) ((List<?>) read.get("grid")).get(0)).get(0).toString());
  }

  @Test
  void whatIsPassedOverMustBeJsonToo() {
    JsonSkips skips = JsonSkips.of(List.of("a"));
    for (String text :
        List.of("{\"a\":[1}", "{\"a\":{x}}", "{\"a\":1,\"a\":2}", "{\"a\":" + "[".repeat(20))) {
      byte[] bytes = text.getBytes(UTF_8);
      assertThrows(JsonException.class, () -> READER.readObject(bytes, skips), text);
    }
  }
}
