package io.solebox.bench.gpu;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * Runs test classes where there is neither Maven nor a network, one after the other until its time
 * is over: {@code Conformance JSON SECONDS EARLIER CLASS...}. Classes that the file {@code EARLIER}
 * names as finished are left out; it need not be there. JSON says what was finished and what not.
 */
public final class Conformance {
  private final Tally tally = new Tally(System.out);
  private final List<String> finished = new ArrayList<>();
  private final List<String> unfinished;
  private final long start = System.nanoTime();

  private Conformance(List<String> classes) {
    this.unfinished = new ArrayList<>(classes);
  }

  /** Ends with 0 if tests ran and none failed, also where the time did not do for all. */
  public static void main(String[] arguments) throws InterruptedException {
    if (arguments.length < 4) {
      System.err.println("usage: Conformance JSON SECONDS EARLIER CLASS...");
      System.exit(2);
    }
    var classes = new ArrayList<>(List.of(arguments).subList(3, arguments.length));
    classes.removeAll(finishedIn(Path.of(arguments[2])));
    var conformance = new Conformance(classes);
    var done = new CountDownLatch(1);
    Thread.ofPlatform()
        .daemon()
        .start(
            () -> {
              classes.forEach(conformance::run);
              done.countDown();
            });
    done.await(Long.parseLong(arguments[1]), TimeUnit.SECONDS);
    boolean good = conformance.write(Path.of(arguments[0]));
    // A test may hang in the driver, where nothing can be interrupted.
    Runtime.getRuntime().halt(good ? 0 : 1);
  }

  private static List<String> finishedIn(Path earlier) {
    if (!earlier.toFile().exists()) {
      return List.of();
    }
    JsonNode names = new ObjectMapper().readTree(earlier.toFile()).at("/finished");
    return names.valueStream().map(JsonNode::asString).toList();
  }

  private void run(String name) {
    var request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(DiscoverySelectors.selectClass(name))
            .build();
    try {
      LauncherFactory.create().execute(request, tally);
    } catch (RuntimeException e) {
      tally.fail(name, e.toString());
    }
    synchronized (this) {
      unfinished.remove(name);
      finished.add(name);
    }
  }

  /**
   * Written piece by piece, since writing trees takes a module that the packed Java has not.
   *
   * @return whether none failed
   */
  private synchronized boolean write(Path json) {
    Tally.Counts counts = tally.counts();
    var context = ObjectWriteContext.empty();
    try (var out = new JsonFactory().createGenerator(context, json, JsonEncoding.UTF8)) {
      out.writeStartObject();
      out.writeNumberProperty("passed", counts.passed());
      out.writeNumberProperty("failed", counts.failures().size());
      out.writeNumberProperty("skipped", counts.skipped());
      write(out, "failures", counts.failures());
      write(out, "finished", finished);
      write(out, "unfinished", unfinished);
      out.writeNumberProperty("seconds", (System.nanoTime() - start) / 1e9);
      out.writeEndObject();
    }
    return counts.failures().isEmpty();
  }

  private static void write(JsonGenerator out, String name, List<String> texts) {
    out.writeArrayPropertyStart(name);
    texts.forEach(out::writeString);
    out.writeEndArray();
  }
}
