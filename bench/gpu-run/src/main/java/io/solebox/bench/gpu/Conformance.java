package io.solebox.bench.gpu;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Runs test classes where there is neither Maven nor a network: {@code Conformance JSON CLASS...}
 */
public final class Conformance {
  private Conformance() {}

  /** Ends with 0 if tests ran and none failed. */
  public static void main(String[] arguments) {
    if (arguments.length < 2) {
      System.err.println("usage: Conformance JSON CLASS...");
      System.exit(2);
    }
    List<String> classes = List.of(arguments).subList(1, arguments.length);
    long start = System.nanoTime();
    var tally = new Tally(System.out);
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(classes.stream().map(DiscoverySelectors::selectClass).toList())
            .build();
    LauncherFactory.create().execute(request, tally);
    var mapper = new ObjectMapper();
    ObjectNode result = tally.json(mapper);
    result.put("seconds", (System.nanoTime() - start) / 1e9);
    mapper.writeValue(Path.of(arguments[0]).toFile(), result);
    System.out.printf(
        "%d passed, %d failed, %d skipped%n", tally.passed, tally.failures.size(), tally.skipped);
    System.exit(tally.passed > 0 && tally.failures.isEmpty() ? 0 : 1);
  }

  /** Counts tests, and prints those that fail or are skipped, with the reason. */
  private static final class Tally implements TestExecutionListener {
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
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
      switch (result.getStatus()) {
        case SUCCESSFUL -> passed += test.isTest() ? 1 : 0;
        case ABORTED -> skip(test, message(result));
        case FAILED -> fail(test, message(result));
      }
    }

    private static String message(TestExecutionResult result) {
      Optional<String> said = result.getThrowable().map(Throwable::toString);
      return said.orElse(Status.FAILED.name());
    }

    private void skip(TestIdentifier test, String reason) {
      skipped++;
      out.println("skipped " + name(test) + ": " + firstLine(reason));
    }

    private void fail(TestIdentifier test, String reason) {
      failures.add(name(test) + ": " + firstLine(reason));
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

    ObjectNode json(ObjectMapper mapper) {
      ObjectNode node = mapper.createObjectNode();
      node.put("passed", passed);
      node.put("failed", failures.size());
      node.put("skipped", skipped);
      failures.forEach(node.putArray("failures")::add);
      return node;
    }
  }
}
