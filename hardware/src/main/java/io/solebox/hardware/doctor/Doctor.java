package io.solebox.hardware.doctor;

import io.solebox.hardware.box.Box;
import io.solebox.hardware.doctor.facts.Facts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Examines a machine: all checks, causes before what follows from them. */
public final class Doctor {
  private final List<Check> checks;

  /**
   * @param checks in the order in which they are told where nothing else orders them
   */
  public Doctor(List<Check> checks) {
    this.checks = List.copyOf(checks);
  }

  /** What is so: problems first, a problem's consequences behind it, then what is well. */
  public List<Finding> examine(Box box) {
    return examine(Facts.of(box));
  }

  /** The same of what was read already. */
  public List<Finding> examine(Facts facts) {
    List<Finding> all = new ArrayList<>();
    checks.forEach(check -> all.addAll(check.examine(facts)));
    return ordered(all.stream().map(each -> explained(each, all)).toList());
  }

  private Finding explained(Finding finding, List<Finding> all) {
    if (!finding.verdict().isProblem()) {
      return finding;
    }
    return checks.stream()
        .filter(check -> check.explains().contains(finding.id()))
        .filter(check -> all.stream().anyMatch(other -> isCause(check, other, finding)))
        .findFirst()
        .map(check -> finding.causedBy(check.id()))
        .orElse(finding);
  }

  private static boolean isCause(Check check, Finding cause, Finding finding) {
    boolean sameDevice =
        cause.device().isEmpty()
            || finding.device().isEmpty()
            || cause.device().equals(finding.device());
    return cause.id().equals(check.id())
        && cause.verdict().compareTo(finding.verdict()) >= 0
        && cause.verdict().isProblem()
        && sameDevice;
  }

  private static List<Finding> ordered(List<Finding> findings) {
    List<Finding> roots =
        findings.stream()
            .filter(each -> each.causedBy().isEmpty())
            .sorted(Comparator.comparingInt(Doctor::rank))
            .toList();
    Map<String, List<Finding>> consequences = new HashMap<>();
    for (Finding each : findings) {
      each.causedBy()
          .ifPresent(by -> consequences.computeIfAbsent(by, _ -> new ArrayList<>()).add(each));
    }
    List<Finding> ordered = new ArrayList<>();
    roots.forEach(root -> add(root, consequences, ordered));
    consequences.values().forEach(ordered::addAll); // of causes that explain one another
    return List.copyOf(ordered);
  }

  private static void add(
      Finding finding, Map<String, List<Finding>> consequences, List<Finding> ordered) {
    ordered.add(finding);
    Optional.ofNullable(consequences.remove(finding.id()))
        .ifPresent(all -> all.forEach(each -> add(each, consequences, ordered)));
  }

  /** Failures, warnings, and then as they come. */
  private static int rank(Finding finding) {
    return switch (finding.verdict()) {
      case FAIL -> 0;
      case WARN -> 1;
      case INFO, OK, NOT_APPLICABLE, NOT_READ -> 2;
    };
  }
}
