package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** Runs the files of {@code src/test/js}, each in a process of Node.js. */
final class NodeTests {
  private NodeTests() {}

  /**
   * @param needs what ./check installs; where it is not there, the test is skipped
   */
  static void run(Path needs, String name, String baseUrl, Duration most)
      throws IOException, InterruptedException {
    run(needs, name, Map.of("SOLEBOX_BASE_URL", baseUrl), most);
  }

  /** The same with other variables. */
  static void run(Path needs, String name, Map<String, String> variables, Duration most)
      throws IOException, InterruptedException {
    if (!Files.exists(needs)) {
      String reason = "SKIPPED: there is no it-clients/" + needs + "; ./check installs it";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    Path log = Path.of("target", name + "-js.log");
    var builder =
        new ProcessBuilder("node", "--test", "src/test/js/" + name + ".test.mjs")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process node = builder.start();
    try {
      assertTrue(node.waitFor(most.toSeconds(), TimeUnit.SECONDS), "node did not end in time");
    } finally {
      node.descendants().forEach(ProcessHandle::destroyForcibly);
      node.destroyForcibly();
    }
    assertEquals(0, node.exitValue(), () -> read(log));
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
