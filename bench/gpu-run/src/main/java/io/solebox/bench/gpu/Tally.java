package io.solebox.bench.gpu;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;

/**
 * Counts tests, and prints those that fail or are skipped, with the reason. May be asked while
 * tests run.
 */
final class Tally implements TestExecutionListener {
  private final PrintStream out;
  private final List<String> failures = new ArrayList<>();
  private int passed;
  private int skipped;

  Tally(PrintStream out) {
    this.out = out;
  }

  @Override
  public void executionSkipped(TestIdentifier test, String reason) {
    skip(test, reason);
  }

  @Override
  public synchronized void executionFinished(TestIdentifier test, TestExecutionResult result) {
    switch (result.getStatus()) {
      case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
      case ABORTED -> skip(test, message(result));
      case FAILED -> fail(name(test), message(result));
    }
  }

  private static String message(TestExecutionResult result) {
    Optional<String> said = result.getThrowable().map(Throwable::toString);
    return said.orElse(Status.FAILED.name());
  }

  private synchronized void skip(TestIdentifier test, String reason) {
    skipped++;
    out.println("skipped " + name(test) + ": " + firstLine(reason));
  }

  synchronized void fail(String name, String reason) {
    failures.add(name + ": " + firstLine(reason));
    out.println("FAILED " + failures.getLast());
  }

  private static String firstLine(String text) {
    return text.lines().findFirst().orElse("");
  }

  /** As in {@code CudaDeviceTest/everyFormat(TensorType)/[3] Q4_K}. */
  private static String name(TestIdentifier test) {
    var parts = new ArrayList<String>();
    test.getUniqueIdObject()
        .getSegments()
        .forEach(s -> parts.add(s.getValue().replaceAll("(?:[a-z0-9_]+\\.)+(?=[A-Z])", "")));
    return String.join("/", parts.subList(1, parts.size())) + " " + test.getDisplayName();
  }

  /** What there is now. */
  synchronized Counts counts() {
    return new Counts(passed, skipped, List.copyOf(failures));
  }

  /**
   * How many tests passed and were skipped, and those that failed.
   *
   * @param failures each with its reason
   */
  record Counts(int passed, int skipped, List<String> failures) {}
}
