package io.solebox.planner.figure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RangeTest {
  private static final Range BANDWIDTH =
      new Range(600e9, 900e9, Unit.BYTES_PER_SECOND, "a data sheet");

  @Test
  void isReadByPeople() {
    assertEquals("600 to 900 GB/s", BANDWIDTH.text());
    assertEquals("26.0 GB", Range.exactly(26.03e9, Unit.BYTES, "shapes").text());
    assertEquals("0.30 USD", Range.exactly(0.3, Unit.USD, "asked for").text());
    assertEquals("148,000 h", Range.exactly(148_000, Unit.HOURS, "computed").text());
    assertEquals("0.0042 s", Range.exactly(0.0042, Unit.SECONDS, "computed").text());
  }

  @Test
  void keepsWhatIsNotKnown() {
    Range bytes = Range.exactly(30e9, Unit.BYTES, "shapes");
    Range seconds = bytes.per(BANDWIDTH, Unit.SECONDS, "bytes over bandwidth");
    assertEquals(30.0 / 900, seconds.low(), 1e-12);
    assertEquals(30.0 / 600, seconds.high(), 1e-12);
    Range speed = seconds.map(s -> 1 / s, Unit.TOKENS_PER_SECOND, "one over time");
    assertEquals(20, speed.low(), 1e-9);
    assertEquals(30, speed.high(), 1e-9);
    assertTrue(speed.holds(25));
    assertThrows(IllegalArgumentException.class, () -> bytes.plus(BANDWIDTH, "nonsense"));
    assertThrows(
        IllegalArgumentException.class, () -> new Range(2, 1, Unit.WATTS, "the wrong way round"));
    assertThrows(
        IllegalArgumentException.class,
        () -> Range.exactly(Double.NaN, Unit.WATTS, "nothing was read"));
  }
}
