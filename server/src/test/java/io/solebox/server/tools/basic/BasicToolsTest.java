package io.solebox.server.tools.basic;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.tools.ToolCaller;
import io.solebox.server.tools.ToolException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasicToolsTest {
  private static final ToolCaller SOMEBODY = new ToolCaller("", "chat_1", "msg_1", "call_1");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0.1 + 0.2|0.3
          1/3*3|1
          2^10|1024
          -2^2|-4
          2^-2|0.25
          2^3^2|512
          (1 + 2) * 3|9
          1.5e3 - 1_000|500
          17 % 5|2
          -7 % 3|2
          200 * 15%|30
          50% + 1|1.5
          20!|2432902008176640000
          sqrt(144)|12
          sqrt(0.25)|0.5
          round(2.345, 2)|2.35
          round(-2.5)|-3
          floor(-1.5)|-2
          ceil(1.2)|2
          abs(-3)|3
          min(3, 1, 2)|1
          max(3, 1, 2)|3
          sum(1, 2, 3.5)|6.5
          mean(1, 2)|1.5
          gcd(12, 18)|6
          3 × 4 ÷ 6|2
          2 ** 3|8
          --1|1
          1/3|about 0.3333333333333333333333333333333333 (exactly 1/3)
          sqrt(2)|about 1.414213562373095048801688724209698
          2^0.5|about 1.4142135623730951
          log10(1000)|about 3
          """)
  void computes(String expression, String value) {
    assertEquals(value, Expression.value(expression).words());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 +",
        "(1",
        "1)",
        "1 2",
        "1/0",
        "sqrt(-1)",
        "nothing(1)",
        "x",
        "10^100000",
        "1e9999999",
        "99999!",
        "(-1)!",
        "1.5!",
        "ln(0)",
        "round(1, 2, 3)",
        "min()",
        "gcd(1.5, 2)",
        "tan(",
        "9^9^9^9",
        "System.exit(1)",
        "1;2",
        "\\u0000"
      })
  void refusesTheRest(String expression) {
    assertThrows(ToolException.class, () -> Expression.value(expression));
  }

  /** Whatever a model writes ends soon, and well. */
  @Test
  void nothingTakesLong() {
    assertTimeoutPreemptively(
        Duration.ofSeconds(5),
        () -> {
          for (String hostile :
              new String[] {
                "(".repeat(1999),
                "-".repeat(1999) + "1",
                "2^".repeat(999) + "2",
                "9^9999*".repeat(200) + "1",
                "1000!".repeat(300),
                "1" + "/3".repeat(900),
                "1" + "!".repeat(1900)
              }) {
            try {
              assertFalse(Expression.value(hostile).words().isEmpty());
            } catch (ToolException e) {
              assertFalse(e.getMessage().isEmpty());
            }
          }
        });
  }

  private static String time(Map<String, Object> arguments) {
    Clock clock = Clock.fixed(Instant.parse("2026-03-01T11:30:00Z"), ZoneId.of("Europe/Berlin"));
    return new TimeTool(clock).call(arguments, SOMEBODY).text();
  }

  @Test
  void tellsTheTime() {
    assertEquals(
        "2026-03-01T12:30+01:00, Sunday (Europe/Berlin, day 60 of the year)", time(Map.of()));
    assertTrue(time(Map.of("zone", "Asia/Tokyo")).startsWith("2026-03-01T20:30+09:00"));
    String between = time(Map.of("from", "2024-02-28", "to", "2024-03-01T12:00"));
    assertTrue(between.contains("2 days (0 years, 0 months, 2 days"), between);
    assertTrue(between.endsWith("216000 seconds"), between);
    for (Map<String, Object> wrong :
        List.<Map<String, Object>>of(
            Map.of("zone", "Moon"), Map.of("from", "yesterday"), Map.of("zone", 7L))) {
      assertThrows(ToolException.class, () -> time(wrong));
    }
  }
}
