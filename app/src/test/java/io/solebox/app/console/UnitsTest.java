package io.solebox.app.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers as people write them. */
class UnitsTest {
  @ParameterizedTest
  @CsvSource({
    "1048576, 1048576",
    "800M, 838860800",
    "12GiB, 12884901888",
    "12 gib, 12884901888",
    "16GB, 16000000000",
    "1.5G, 1610612736",
    "2T, 2199023255552",
    "100B, 100",
    "0, 0"
  })
  void sizes(String text, long bytes) {
    assertEquals(OptionalLong.of(bytes), Units.bytesOf(text));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "G", "-1", "1e9", "12 Gigs", "1,5G", "12GiBs", "999999999999999T"})
  void whatIsNoSize(String text) {
    assertTrue(Units.bytesOf(text).isEmpty());
  }
}
