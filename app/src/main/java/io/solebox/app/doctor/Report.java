package io.solebox.app.doctor;

import io.solebox.app.console.Console;
import io.solebox.app.console.Console.Tint;
import io.solebox.app.console.Wrapped;
import io.solebox.hardware.doctor.Evidence;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a doctor says to people: problems with what follows from them, then quietly the rest. */
final class Report {
  /** What a person can take in; the rest is in the file. */
  private static final int LINES_OF_EVIDENCE = 3;

  private final Console console;

  Report(Console console) {
    this.console = console;
  }

  void print(List<Finding> findings) {
    List<Finding> problems = findings.stream().filter(each -> each.verdict().isProblem()).toList();
    for (int i = 0; i < problems.size(); i++) {
      Finding each = problems.get(i);
      int depth = depth(each, problems);
      problem(each, 6 * depth);
      long follow = problems.stream().filter(other -> isBecause(other, each)).count();
      if (i + 1 < problems.size() && isBecause(problems.get(i + 1), each)) {
        indented(6 * depth, followers(follow));
      }
      console.println("");
    }
    infos(findings);
    summary(findings);
  }

  private static boolean isBecause(Finding finding, Finding cause) {
    return finding.causedBy().filter(cause.id()::equals).isPresent();
  }

  private static String followers(long count) {
    return count == 1
        ? "1 later finding follows from it:"
        : count + " later findings follow from it:";
  }

  /** How many causes stand above it, of those that are told. */
  private static int depth(Finding finding, List<Finding> problems) {
    int depth = 0;
    Finding at = finding;
    while (at.causedBy().isPresent() && depth < 5) { // causes may explain one another
      String cause = at.causedBy().get();
      at =
          problems.stream()
              .filter(each -> each.id().equals(cause))
              .findFirst()
              .orElseThrow(() -> new IllegalStateException("a cause that is not told: " + cause));
      depth++;
    }
    return depth;
  }

  private void problem(Finding finding, int indent) {
    head(finding, indent);
    indented(indent, finding.message());
    finding.evidence().stream()
        .limit(LINES_OF_EVIDENCE)
        .forEach(each -> console.printFaint(" ".repeat(indent + 6) + line(each) + "\n"));
    part(indent, "do: ", finding.remedy());
    part(indent, "then run: ", finding.verify());
  }

  private void head(Finding finding, int indent) {
    console.print(" ".repeat(indent));
    console.print(
        switch (finding.verdict()) {
          case FAIL -> Tint.RED;
          case WARN -> Tint.YELLOW;
          case OK, INFO, NOT_APPLICABLE, NOT_READ -> Tint.GREEN;
        },
        "%-6s".formatted(finding.verdict().name()));
    console.println(finding.id() + finding.device().map(device -> "  " + device).orElse(""));
  }

  private static String line(Evidence evidence) {
    String place = evidence.line() > 0 ? evidence.file() + ":" + evidence.line() : evidence.file();
    return place + ": " + evidence.text().strip();
  }

  private void part(int indent, String name, String text) {
    if (!text.isEmpty()) {
      indented(indent, name + text);
    }
  }

  private void indented(int indent, String text) {
    Wrapped.lines(text, indent + 6).forEach(line -> console.println(" ".repeat(indent + 6) + line));
  }

  private void infos(List<Finding> findings) {
    List<Finding> infos = of(findings, Verdict.INFO);
    infos.forEach(
        each -> {
          head(each, 0);
          indented(0, each.message());
        });
    if (!infos.isEmpty()) {
      console.println("");
    }
  }

  private static List<Finding> of(List<Finding> findings, Verdict verdict) {
    return findings.stream().filter(each -> each.verdict() == verdict).toList();
  }

  private void summary(List<Finding> findings) {
    quiet("Well: ", ids(of(findings, Verdict.OK)));
    quiet("Does not apply: ", ids(of(findings, Verdict.NOT_APPLICABLE)));
    List<Finding> unread = of(findings, Verdict.NOT_READ);
    if (!unread.isEmpty()) {
      quiet("Not read", ":");
      unread.stream()
          .collect(Collectors.groupingBy(Finding::message, TreeMap::new, Collectors.toList()))
          .forEach((why, all) -> quiet("  " + ids(all), ": " + why));
    }
    long failures = of(findings, Verdict.FAIL).size();
    long warnings = of(findings, Verdict.WARN).size();
    console.print(
        failures > 0 ? Tint.RED : warnings > 0 ? Tint.YELLOW : Tint.GREEN,
        "%s, %s.".formatted(counted(failures, "failure"), counted(warnings, "warning")));
    console.println("");
  }

  private static String counted(long count, String what) {
    return count == 0 ? "no " + what + "s" : count + " " + what + (count == 1 ? "" : "s");
  }

  private static String ids(List<Finding> findings) {
    Set<String> ids =
        findings.stream().map(Finding::id).collect(Collectors.toCollection(TreeSet::new));
    return String.join(", ", ids);
  }

  private void quiet(String name, String ids) {
    if (!ids.isEmpty()) {
      String indent = name.startsWith(" ") ? "  " : "";
      Wrapped.lines(name + ids, indent.length())
          .forEach(line -> console.printFaint(indent + line + "\n"));
    }
  }
}
