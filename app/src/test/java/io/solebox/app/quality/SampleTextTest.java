package io.solebox.app.quality;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The texts that come with Solebox. */
class SampleTextTest {
  private static final int LONG_LINE = 40;

  private static Set<String> longLines(SampleText text) {
    return text.text()
        .lines()
        .map(String::strip)
        .filter(line -> line.length() > LONG_LINE)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /** What is measured must not be what bits were spent by. */
  @Test
  void nothingOfOneStandsInTheOther() {
    Set<String> both = longLines(SampleText.ours(SampleText.CALIBRATION));
    both.retainAll(longLines(SampleText.ours(SampleText.EVALUATION)));
    assertEquals(Set.of(), both);
  }

  @Test
  void bothHaveMoreThanOneLanguageAndKind() {
    for (String name : List.of(SampleText.CALIBRATION, SampleText.EVALUATION)) {
      String text = SampleText.ours(name).text();
      assertTrue(text.length() > 30_000, name);
      for (String kind :
          List.of("Assistant:", " für | der ", "。", "import java", "#include", "def ")) {
        assertTrue(
            List.of(kind.split(" \\| ")).stream().anyMatch(text::contains), name + ": " + kind);
      }
    }
  }
}
