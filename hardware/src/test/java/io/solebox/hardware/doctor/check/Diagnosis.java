package io.solebox.hardware.doctor.check;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.Check;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import java.util.List;

/** What one check says of a machine, held to what every check owes. */
final class Diagnosis {
  private static final List<Verdict> WORST_FIRST =
      List.of(
          Verdict.FAIL,
          Verdict.WARN,
          Verdict.INFO,
          Verdict.OK,
          Verdict.NOT_READ,
          Verdict.NOT_APPLICABLE);

  private final List<Finding> findings;

  private Diagnosis(List<Finding> findings) {
    this.findings = findings;
  }

  static Diagnosis of(Check check, Box box) {
    List<Finding> findings = check.examine(Facts.of(box));
    assertFalse(findings.isEmpty(), "a check that says nothing");
    for (Finding each : findings) {
      assertEquals(check.id(), each.id());
      assertTrue(each.message().endsWith("."), each.message());
      if (each.verdict().isProblem()) {
        assertFalse(each.evidence().isEmpty(), each.message());
        assertFalse(each.remedy().isBlank(), each.message());
        assertFalse(each.verify().isBlank(), each.message());
      }
    }
    return new Diagnosis(findings);
  }

  /** The worst verdict is this, and one finding of it mentions all these words. */
  Diagnosis is(Verdict verdict, String... words) {
    Verdict worst =
        WORST_FIRST.stream()
            .filter(each -> findings.stream().anyMatch(finding -> finding.verdict() == each))
            .findFirst()
            .orElseThrow();
    assertEquals(verdict, worst, findings::toString);
    assertTrue(
        findings.stream()
            .filter(each -> each.verdict() == verdict)
            .anyMatch(each -> List.of(words).stream().allMatch(each.message()::contains)),
        findings::toString);
    return this;
  }

  /** All that it says. */
  List<Finding> findings() {
    return findings;
  }

  /** The one thing that it says. */
  Finding only() {
    assertEquals(1, findings.size(), findings::toString);
    return findings.getFirst();
  }

  /** That a finding has this verdict, and mentions all these words in what is so or what to do. */
  static Finding told(Finding finding, Verdict verdict, String... words) {
    String text = finding.message() + " " + finding.remedy();
    assertEquals(verdict, finding.verdict(), text);
    for (String word : words) {
      assertTrue(text.contains(word), word + " in " + text);
    }
    return finding;
  }
}
