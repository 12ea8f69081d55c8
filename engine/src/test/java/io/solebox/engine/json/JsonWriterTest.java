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

  @Test
  void nothingElse() {
    assertThrows(IllegalArgumentException.class, () -> writer.text(Set.of()));
  }
}
