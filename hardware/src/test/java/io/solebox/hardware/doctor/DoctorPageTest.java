package io.solebox.hardware.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.doctor.check.Checks;
import io.solebox.hardware.doctor.facts.Wording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * {@code docs/doctor.md} is made from the checks. With {@code SOLEBOX_WRITE_DOCS=1} in the
 * environment it is written instead.
 */
class DoctorPageTest {
  private static final Path PAGE = Path.of("../docs/doctor.md");

  private final List<Check> checks = Checks.all();

  @Test
  void thePageIsAsTheChecksAre() throws IOException {
    String made = page();
    if ("1".equals(System.getenv("SOLEBOX_WRITE_DOCS"))) {
      Files.writeString(PAGE, made);
      return;
    }
    String there = Files.exists(PAGE) ? Files.readString(PAGE) : "";
    assertEquals(made, there, "SOLEBOX_WRITE_DOCS=1 with this test writes " + PAGE);
  }

  @Test
  void everyCheckIsToldInWords() {
    Set<String> ids = new HashSet<>();
    for (Check each : checks) {
      assertTrue(ids.add(each.id()), each.id());
      assertFalse(each.reads().isEmpty(), each.id());
      assertFalse(each.title().endsWith("."), each.title());
      assertTrue(each.rule().endsWith("."), each.rule());
      assertTrue(each.remedy().endsWith("."), each.remedy());
    }
  }

  /** Otherwise two checks could explain each other, and nothing would come first. */
  @Test
  void aCheckExplainsOnlySuchAsComeLater() {
    List<String> ids = checks.stream().map(Check::id).toList();
    for (int i = 0; i < checks.size(); i++) {
      for (String explained : checks.get(i).explains()) {
        int at = ids.indexOf(explained);
        assertTrue(at < 0 || at > i, ids.get(i) + " explains " + explained);
      }
    }
  }

  private String page() {
    StringBuilder page = new StringBuilder();
    page.append(
        """
        # What the doctor checks

        Made from the checks themselves. [cli.md](cli.md#doctor) says how to run them.
        A star stands for any name; `journal.txt` is what the kernel said at its last start but one.

        """);
    checks.forEach(each -> page.append(section(each)));
    page.append(
        """
        ## What kernels and drivers print

        | printed by | a line |
        |---|---|
        """);
    for (Wording each : Wording.values()) {
      page.append("| %s | `%s` |\n".formatted(each.printedBy(), each.example().strip()));
    }
    return page.toString();
  }

  private String section(Check check) {
    List<String> known = checks.stream().map(Check::id).filter(check.explains()::contains).toList();
    String explains = known.isEmpty() ? "" : "- explains: " + code(known) + "\n";
    return """
    ## %s

    Whether %s.

    - reads: %s
    - rule: %s
    - remedy: %s
    %s
    """
        .formatted(
            check.id(), check.title(), code(check.reads()), check.rule(), check.remedy(), explains);
  }

  private static String code(List<String> names) {
    return names.stream().map(name -> "`" + name + "`").collect(Collectors.joining(", "));
  }
}
