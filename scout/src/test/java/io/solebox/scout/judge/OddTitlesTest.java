package io.solebox.scout.judge;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.scout.item.Condition;
import io.solebox.scout.text.Text;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Titles as sellers write them, against what the rules find odd: {@code odd-titles.tsv} was written
 * before the rules, {@code odd-titles-later.tsv} after them; {@code odd-titles-kinds.tsv} before
 * the rules were made broader, with the same kinds in mind; {@code odd-titles-six-languages.tsv}
 * before they were made broader again, by what it and {@code odd-titles-later.tsv} had shown;
 * {@code odd-titles-afterwards.tsv} after that, and shown what was mended last.
 */
class OddTitlesTest {
  private record Line(Set<String> codes, Condition condition, String title) {}

  /**
   * What the rules make of titles.
   *
   * @param found codes that are right
   * @param missed codes that should have been
   * @param falseAlarms codes that should not
   */
  private record Count(int titles, int found, List<String> missed, List<String> falseAlarms) {
    double precision() {
      return (double) found / (found + falseAlarms.size());
    }

    double recall() {
      return (double) found / (found + missed.size());
    }
  }

  private static List<Line> lines(String file) throws IOException {
    try (InputStream in = OddTitlesTest.class.getResourceAsStream(file)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split("\t", -1))
          .map(
              cells ->
                  new Line(
                      Arrays.stream(cells[0].split(","))
                          .filter(code -> !code.equals("-"))
                          .collect(Collectors.toSet()),
                      Condition.valueOf(cells[1]),
                      cells[2]))
          .toList();
    }
  }

  private static Count count(String file) throws IOException {
    var rules = new TitleRules();
    int found = 0;
    List<String> missed = new ArrayList<>();
    List<String> falseAlarms = new ArrayList<>();
    List<Line> lines = lines(file);
    for (Line line : lines) {
      Set<String> codes = new TreeSet<>();
      for (Suspicion each : rules.of(Text.of(line.title()), line.condition(), 1)) {
        codes.add(each.code());
        assertTrue(each.reason().endsWith("."), each.reason());
      }
      for (String code : line.codes()) {
        if (codes.remove(code)) {
          found++;
        } else {
          missed.add(code + ": " + line.title());
        }
      }
      codes.forEach(code -> falseAlarms.add(code + ": " + line.title()));
    }
    var count = new Count(lines.size(), found, missed, falseAlarms);
    System.out.printf(
        "%s: %d titles, %d suspicions found, %d missed, %d false alarms; precision %.1f %%, recall"
            + " %.1f %%%n",
        file,
        count.titles(),
        found,
        missed.size(),
        falseAlarms.size(),
        100 * count.precision(),
        100 * count.recall());
    missed.forEach(each -> System.out.println("  missed: " + each));
    falseAlarms.forEach(each -> System.out.println("  false alarm: " + each));
    return count;
  }

  @Test
  void findsWhatIsOdd() throws IOException {
    Count count = count("odd-titles.tsv");
    assertTrue(count.titles() >= 120);
    assertTrue(count.precision() >= 0.98 && count.recall() >= 0.95, count.toString());
  }

  @Test
  void doesWellOnTitlesThatItWasNotMadeFor() throws IOException {
    Count count = count("odd-titles-later.tsv");
    assertTrue(count.precision() >= 0.9 && count.recall() >= 0.7, count.toString());
  }

  @Test
  void doesWellOnTheKindsThatSellersFindWordsFor() throws IOException {
    Count count = count("odd-titles-kinds.tsv");
    assertTrue(count.titles() >= 120);
    assertTrue(count.precision() >= 0.95 && count.recall() >= 0.95, count.toString());
  }

  @Test
  void findsWhatSellersInSixLanguagesSay() throws IOException {
    Count count = count("odd-titles-six-languages.tsv");
    assertTrue(count.titles() >= 100);
    assertTrue(count.precision() >= 0.95 && count.recall() >= 0.95, count.toString());
  }

  @Test
  void findsWhatCameAfterThat() throws IOException {
    Count count = count("odd-titles-afterwards.tsv");
    assertTrue(count.precision() >= 0.95 && count.recall() >= 0.95, count.toString());
  }
}
