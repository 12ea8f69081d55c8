package io.solebox.server.asvs;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The table of OWASP's ASVS in {@code docs/security.md} says something of every requirement of
 * levels 1 and 2, and what it names as proof is there.
 */
class AsvsTableTest {
  private static final String HEADING = "## OWASP ASVS 5.0, level 2\n";

  private static final Set<String> STATES =
      Set.of("holds", "in part", "does not hold", "does not apply", "unproven");

  private static final Pattern ID = Pattern.compile("\\d+\\.\\d+\\.\\d+");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");
  private static final Pattern TEST = Pattern.compile("([A-Z]\\w*Test)(?:\\.(\\w+))?");
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#]*)#([^)]+)\\)");

  private final String page = Checkout.text(Checkout.path("docs/security.md"));

  /**
   * A row.
   *
   * @param ids of requirements
   * @param proof tests, and sections of the documents
   */
  private record Row(List<String> ids, String what, String state, String where, String proof) {
    static Row of(String line) {
      String[] cells = line.substring(1, line.length() - 1).split("(?<!\\\\)\\|", -1);
      assertEquals(5, cells.length, line);
      List<String> all = Arrays.stream(cells).map(String::strip).toList();
      List<String> ids = Arrays.stream(all.getFirst().split(", ")).toList();
      return new Row(ids, all.get(1), all.get(2), all.get(3), all.get(4));
    }

    List<MatchResult> tests() {
      return CODE.matcher(proof).results().toList();
    }

    List<MatchResult> links() {
      return LINK.matcher(proof).results().toList();
    }
  }

  private List<Row> rows() {
    assertTrue(page.contains(HEADING), HEADING);
    String section = page.substring(page.indexOf(HEADING) + HEADING.length());
    int end = section.indexOf("\n## ");
    return (end < 0 ? section : section.substring(0, end))
        .lines()
        .filter(line -> line.startsWith("| ") && Character.isDigit(line.charAt(2)))
        .map(Row::of)
        .toList();
  }

  private static Map<String, Integer> levels() throws IOException {
    try (var in = AsvsTableTest.class.getResourceAsStream("requirements.txt")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> line.split(" "))
          .collect(toMap(line -> line[0], line -> Integer.valueOf(line[1])));
    }
  }

  @Test
  void everyRequirementIsThereOnce() throws IOException {
    List<String> given = rows().stream().map(Row::ids).flatMap(List::stream).toList();
    assertEquals(List.of(), given.stream().filter(id -> !ID.matcher(id).matches()).toList());
    assertEquals(new TreeSet<>(levels().keySet()), new TreeSet<>(given));
    assertEquals(levels().size(), given.size(), "some are there twice");
  }

  @Test
  void everyRowHasAStateAndWhatBelongsToIt() {
    for (Row row : rows()) {
      boolean named = !row.tests().isEmpty() || !row.links().isEmpty();
      assertTrue(STATES.contains(row.state()), row::toString);
      assertTrue(!row.what().isEmpty() && !row.where().isEmpty(), row::toString);
      switch (row.state()) {
        case "holds" -> assertTrue(named, row::toString);
        case "unproven" -> assertTrue(row.tests().isEmpty(), row::toString);
        default -> {} // these say why in words
      }
    }
  }

  @Test
  void testsThatAreNamedAreThere() {
    Map<String, String> sources =
        Checkout.files(Checkout.TESTED, "src/test/java", "Test.java").stream()
            .collect(
                Collectors.groupingBy(
                    file -> file.getFileName().toString().replace(".java", ""),
                    Collectors.mapping(Checkout::text, Collectors.joining())));
    List<String> wrong = new ArrayList<>();
    for (Row row : rows()) {
      for (MatchResult code : row.tests()) {
        var test = TEST.matcher(code.group(1));
        String source = test.matches() ? sources.getOrDefault(test.group(1), "") : "";
        boolean method = test.matches() && test.group(2) != null;
        if (source.isEmpty() || (method && !source.contains(" " + test.group(2) + "("))) {
          wrong.add(row.ids() + " " + code.group(1));
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void sectionsThatAreNamedAreThere() {
    List<String> wrong = new ArrayList<>();
    for (Row row : rows()) {
      for (MatchResult link : row.links()) {
        Path file = Checkout.path("docs").resolve(link.group(1));
        String text = link.group(1).isEmpty() ? page : Checkout.text(file);
        if (text.lines().filter(line -> line.startsWith("#")).noneMatch(is(link.group(2)))) {
          wrong.add(row.ids() + " " + link.group());
        }
      }
    }
    assertEquals(List.of(), wrong);
  }

  @Test
  void theCountsAboveItAreItsOwn() {
    Map<String, Integer> counts =
        rows().stream().collect(toMap(Row::state, row -> row.ids().size(), Integer::sum));
    for (String state : STATES) {
      String said = "| " + state + " | " + counts.getOrDefault(state, 0) + " |";
      assertTrue(page.contains(said), said);
    }
  }

  /** Whether a heading is called so in links, as GitHub makes their names. */
  private static Predicate<String> is(String anchor) {
    return heading ->
        heading
            .replaceAll("^#+ ", "")
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^\\p{L}\\p{N} _-]", "")
            .replace(' ', '-')
            .equals(anchor);
  }
}
