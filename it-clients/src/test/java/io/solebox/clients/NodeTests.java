package io.solebox.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
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
    var builder =
        new ProcessBuilder(
            "node", "--test", "--test-reporter=tap", "src/test/js/" + name + ".test.mjs");
    builder.environment().putAll(variables);
    Logged.run(builder, Path.of("target", name + "-js.log"), most);
  }
}
