package io.solebox.engine.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.KeepAlive.Idle;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Times as Ollama's clients write them. */
class KeepAliveTest {
  @ParameterizedTest
  @CsvSource({
    "5m, PT5M",
    "1h30m, PT1H30M",
    "1.5h, PT1H30M",
    ".5s, PT0.5S",
    "300ms, PT0.3S",
    "2d, PT48H",
    "90, PT1M30S",
    "0.25, PT0.25S",
    "0, PT0S",
    "0s, PT0S",
    "-0, PT0S",
    "+10s, PT10S",
    "' 5m ', PT5M"
  })
  void timesEnd(String text, Duration time) {
    assertEquals(new Idle(time), KeepAlive.parse("keep_alive", text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "-1m", "-0.5s", "999999999999", "9000000h"})
  void whatIsNegativeOrLongerThanAnybodyWaitsStays(String text) {
    assertEquals(KeepAlive.WHILE_THERE_IS_ROOM, KeepAlive.parse("keep_alive", text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", " ", "-", "m5", "5 m", "5mm", "five", "1e3", "0x10", "5m1", "--5m", "s"})
  void whatIsNoTimeIsRefusedWithAnExample(String text) {
    var error = assertThrows(SoleboxException.class, () -> KeepAlive.parse("--idle-unload", text));
    assertEquals(ErrorCode.INVALID_PARAMETER, error.code());
    assertEquals("--idle-unload", error.place());
    assertTrue(error.remedy().contains("1h30m"));
  }

  @Test
  void numbersAreSeconds() {
    assertEquals(new Idle(Duration.ofMinutes(5)), KeepAlive.ofSeconds(300));
    assertEquals(new Idle(Duration.ZERO), KeepAlive.ofSeconds(0));
    assertEquals(KeepAlive.WHILE_THERE_IS_ROOM, KeepAlive.ofSeconds(-1));
    assertEquals(KeepAlive.WHILE_THERE_IS_ROOM, KeepAlive.ofSeconds(Double.POSITIVE_INFINITY));
  }
}
