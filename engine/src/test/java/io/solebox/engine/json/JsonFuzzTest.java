package io.solebox.engine.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.code_intelligence.jazzer.junit.DictionaryEntries;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Any bytes are read or refused with a place; what is read is what a lenient reader makes of it,
 * and what is written from it is read again as the same.
 */
@EnabledIfEnvironmentVariable(named = "JAZZER_FUZZ", matches = "1")
class JsonFuzzTest {
  private static final JsonReader READER = new JsonReader(new JsonLimits(5000, 12, 200, 500));
  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonSkips SKIPS = JsonSkips.of(List.of("c", "b[].c"));

  private static int accepted;
  private static int refused;

  static Stream<byte[]> texts() {
    return Stream.of(
            "{\"a\":[1,-2.5e3,true,null,\"x\\u00e9\\ud83d\\ude00\"],\"b\":[{\"c\":{}}],\"c\":[[]]}",
            "[123456789012345678901234567890, 1e999, 0.1, \"\\n\\\\\\\"\", {\"é😀\": false}]",
            "\ufeff{\"a\":\"\\ud800\"}",
            "{\"a\":1,\"a\":2}")
        .map(text -> text.getBytes(UTF_8));
  }

  @MethodSource("texts")
  @DictionaryEntries({"\"c\":", "\\ud83d", "\\ude00", "1e999", "\\u0000", "[[", "{}", "NaN"})
  @Timeout(60)
  @FuzzTest(maxDuration = "12s", maxExecutions = 100_000)
  void anyBytes(byte[] bytes) {
    try {
      Object value = READER.read(bytes);
      accepted++;
      assertEquals(value, READER.read(WRITER.bytes(value)));
      JsonNode lenient = JsonMapper.shared().readTree(bytes);
      if (lenient.isContainer()) {
        assertEquals(WRITER.text(value).length() > 2, !lenient.isEmpty());
      }
      READER.read(bytes, SKIPS); // whatever is fine is fine with parts of it passed over
    } catch (JsonException e) {
      refused++;
      assertTrue(e.line() >= 1 && e.column() >= 1, e.getMessage());
      assertFalse(e.what().isBlank());
      assertEquals(e.getMessage(), new String(e.getMessage().getBytes(UTF_8), UTF_8));
    }
  }

  @AfterAll
  static void someAcceptedAndSomeNot() {
    assertTrue(accepted > 0 && refused > 0, "accepted " + accepted + ", refused " + refused);
  }
}
