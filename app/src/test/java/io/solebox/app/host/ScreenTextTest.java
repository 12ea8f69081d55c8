package io.solebox.app.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScreenTextTest {
  private static final String PRINT = "AB:".repeat(31) + "AB";

  private static ScreenText of(List<String> addresses, Optional<ScreenText.Code> code) {
    var server = new ScreenText.Server(443, true, Optional.of(PRINT), code);
    return new ScreenText("1", addresses, Optional.of(server), true);
  }

  @Test
  void newBoxShowsAddressFingerprintAndCodeAsTextAndPicture() {
    String text =
        of(
                List.of("192.168.7.20", "fd00::1"),
                Optional.of(new ScreenText.Code("AAAAA-BBBBB", "14:05 UTC")))
            .text();
    assertTrue(text.contains("  https://192.168.7.20/setup\n"), text);
    assertTrue(text.contains("  https://[fd00::1]/setup\n"), text);
    assertTrue(text.contains("  AAAAA-BBBBB\n"), text);
    assertTrue(text.contains("█"), text);
    assertTrue(text.lines().allMatch(line -> line.length() <= 60), text);
    String shown = text.lines().filter(line -> line.startsWith("  AB:")).reduce("", String::concat);
    assertEquals(PRINT, shown.replace(" ", ""));
  }

  @Test
  void boxThatIsSetUpShowsNoCode() {
    String text = of(List.of("192.168.7.20"), Optional.empty()).text();
    assertTrue(text.contains("  https://192.168.7.20/\n"), text);
    assertFalse(text.contains("code"), text);
  }

  @Test
  void whatIsMissingIsSaid() {
    assertTrue(of(List.of(), Optional.empty()).text().contains("no network"));
    assertTrue(
        new ScreenText("1", List.of(), Optional.empty(), false).text().contains("is starting"));
  }
}
