package io.solebox.hardware.board.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/** The thermistor's table against the formula that it was made from. */
class NtcTest {
  private static double celsius(int counts) {
    double ohms = 10_000.0 * counts / (4095 - counts);
    return 1 / (1 / 298.15 + Math.log(ohms / 10_000) / 3950) - 273.15;
  }

  @Test
  void theTableIsTheFormula() {
    try (Arena arena = Arena.ofConfined()) {
      SimCalls calls = new SimCalls(CDecoder.library(arena));
      double worst = 0;
      for (int counts = 0; counts <= 4095; counts++) {
        int decidegrees = calls.callInt("probe_ntc_dc", counts);
        if (counts > 3996) {
          assertTrue(decidegrees < -400, "open at " + counts);
        } else if (counts < 80) {
          assertTrue(decidegrees > 1500, "shorted at " + counts);
        } else {
          // A count is 0.6 C at 150 C, and less below; where it matters it is 0.13 C.
          double off = Math.abs(celsius(counts) - decidegrees / 10.0);
          worst = Math.max(worst, celsius(counts) < 110 && celsius(counts) > -30 ? off : 0);
          assertEquals(celsius(counts), decidegrees / 10.0, 0.5, "at " + counts);
        }
      }
      System.out.printf("from -30 to 110 C at most %.2f C off%n", worst);
      assertTrue(worst < 0.25, "worst " + worst);
    }
  }
}
