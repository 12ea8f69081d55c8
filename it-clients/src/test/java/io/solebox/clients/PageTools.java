package io.solebox.clients;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** Runs what looks at pages, from {@code it-clients/ui}; ./check installs what that needs. */
final class PageTools {
  private static final Path UI = Path.of("ui").toAbsolutePath();
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  /** A minute or two where nothing else runs; some machines are slow, and busy besides. */
  private static final Duration MOST = Duration.ofSeconds(900);

  private PageTools() {}

  /** Tests in a browser whose files' names match. */
  static void click(String name, String files, Map<String, String> variables)
      throws IOException, InterruptedException {
    skipWithout(CHROMIUM);
    node(name, "pages", files, variables);
  }

  /** Tests in a folder whose files' names match. */
  static void node(String name, String folder, String files, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                "node",
                "--import",
                "./hooks.mjs",
                "--test",
                "--test-reporter=tap",
                "--test-timeout=" + MOST.minusSeconds(30).toMillis()));
    try (Stream<Path> all = Files.list(UI.resolve(folder))) {
      all.map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(".test.mjs") && file.matches(files))
          .sorted()
          .forEach(file -> command.add(folder + "/" + file));
    }
    run(name, command, variables);
  }

  static void run(String name, List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    skipWithout(UI.resolve("node_modules"));
    var builder = new ProcessBuilder(command).directory(UI.toFile());
    builder.environment().putAll(variables);
    Logged.run(builder, Path.of("target", "ui-" + name + ".log"), MOST);
  }

  private static void skipWithout(Path needed) {
    if (!Files.exists(needed)) {
      String reason = "SKIPPED: there is no " + needed.getFileName() + "; ./check installs it";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }
}
