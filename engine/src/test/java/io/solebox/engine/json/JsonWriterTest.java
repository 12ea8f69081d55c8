package io.solebox.engine.json;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  private final JsonWriter writer = new JsonWriter();

  @Test
  void writesWhatIsRead() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("text", "é \"\\ \n 😀");
    map.put("list", Arrays.asList(1L, 2.5, true, null, new BigInteger("9".repeat(30))));
    map.put("huge", new BigDecimal("1E+999"));
    byte[] bytes = writer.bytes(map);
    assertEquals(map, new JsonReader(JsonLimits.LOCAL).read(bytes));
    assertEquals(-1, writer.text(map).indexOf('\n'));
  }

  @Test
  void everyKindOfNumber() {
    assertEquals("[1,2,0.5,0.25]", writer.text(List.of(1, 2L, 0.5f, 0.25)));
    assertEquals("[null,null]", writer.text(List.of(Double.NaN, Float.POSITIVE_INFINITY)));
  }

  /** Around the size of the generator's buffer, and many times as long. */
  @Test
  void textsOfEveryLengthAreWhole() {
    for (int length : List.of(0, 1, 7_990, 8_000, 8_010, 16_000, 24_001, 300_000)) {
      String text = "x".repeat(length);
      assertEquals("[\"" + text + "\",1]", writer.text(List.of(text, 1)));
    }
  }

  @Test
  void nothingElse() {
    assertThrows(IllegalArgumentException.class, () -> writer.text(Set.of()));
  }
}
