package io.solebox.hardware.doctor;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import io.solebox.hardware.box.FolderBox;
import io.solebox.hardware.doctor.check.Checks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Machines of people who asked for help: what must be said of each, and what must not. */
class CasesTest {
  private static final Path CASES =
      Path.of(System.getenv().getOrDefault("SOLEBOX_CASES", "../../shared/cases/doctor"));

  @TestFactory
  Stream<DynamicContainer> cases() throws IOException {
    Assumptions.assumeTrue(Files.isDirectory(CASES), "SKIPPED: there is no " + CASES);
    List<DynamicContainer> cases = new ArrayList<>();
    try (Stream<Path> folders = Files.list(CASES)) {
      for (Path folder : folders.sorted().toList()) {
        if (Files.exists(folder.resolve("expect.json"))) {
          cases.add(dynamicContainer(folder.getFileName().toString(), tests(folder)));
        }
      }
    }
    return cases.stream();
  }

  private static List<DynamicTest> tests(Path folder) throws IOException {
    List<Check> checks = Checks.all();
    List<Finding> findings = new Doctor(checks).examine(new FolderBox(folder));
    Expectation.Both expected = Expectation.of(folder.resolve("expect.json"));
    List<DynamicTest> tests = new ArrayList<>();
    for (Expectation each : expected.findings()) {
      tests.add(
          dynamicTest(
              each.id() + " " + each.severity(),
              () -> {
                Assumptions.assumeTrue(
                    checks.stream().anyMatch(check -> check.id().equals(each.id())),
                    "SKIPPED: there is no check " + each.id());
                assertTrue(
                    findings.stream().anyMatch(finding -> meets(finding, each)),
                    () -> told(findings, each));
              }));
    }
    for (Expectation each : expected.forbidden()) {
      tests.add(
          dynamicTest(
              "not " + each.id() + " " + each.severity(),
              () ->
                  assertFalse(
                      findings.stream().anyMatch(finding -> isOf(finding, each)),
                      () -> told(findings, each))));
    }
    return tests;
  }

  private static boolean isOf(Finding finding, Expectation expected) {
    return (expected.id().equals("*") || expected.id().equals(finding.id()))
        && finding.verdict() == expected.verdict();
  }

  private static boolean meets(Finding finding, Expectation expected) {
    return isOf(finding, expected)
        && expected.mentions().stream().allMatch(finding.message()::contains);
  }

  private static String told(List<Finding> findings, Expectation about) {
    return findings.stream()
        .filter(each -> about.id().equals("*") || each.id().equals(about.id()))
        .map(Finding::toString)
        .toList()
        .toString();
  }
}
