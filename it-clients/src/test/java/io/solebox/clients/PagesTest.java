package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The pages: their types, their modules without a browser, and all of them in a browser, by {@code
 * it-clients/ui}; ./check installs what that needs.
 */
@Timeout(600)
class PagesTest {
  private static final Path UI = Path.of("ui").toAbsolutePath();
  private static final Path CHROMIUM = Path.of("/usr/bin/chromium");

  @Test
  void typesHold() throws IOException, InterruptedException {
    run("types", List.of("node_modules/.bin/tsc", "-p", "."), Map.of());
  }

  @Test
  void modulesDoWhatTheySay() throws IOException, InterruptedException {
    node("modules", "test", Map.of());
  }

  @Test
  void pagesDoWhatPeopleClick() throws IOException, InterruptedException {
    skipWithout(CHROMIUM);
    try (var box = new BoxProcess(0);
        var server = new ScriptedServer();
        var issuer = new Issuer();
        var closed = new ScriptedServer(config -> UiServer.closed(config, issuer))) {
      node(
          "pages",
          "pages",
          Map.of(
              "SOLEBOX_URL", server.url(),
              "SOLEBOX_ACCOUNTS_URL", closed.url(),
              "SOLEBOX_CODE", closed.setUpCode(),
              "SOLEBOX_BOX_URL", box.url(),
              "SOLEBOX_BOX_CODE", box.setUpCode(),
              "SOLEBOX_HUB_URL", box.hubUrl(),
              "SOLEBOX_MODEL_FILE", box.file()));
    }
  }

  private static void node(String name, String folder, Map<String, String> variables)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("node", "--import", "./hooks.mjs", "--test", "--test-timeout=480000"));
    try (Stream<Path> files = Files.list(UI.resolve(folder))) {
      files
          .map(file -> folder + "/" + file.getFileName())
          .filter(file -> file.endsWith(".test.mjs"))
          .sorted()
          .forEach(command::add);
    }
    run(name, command, variables);
  }

  private static void run(String name, List<String> command, Map<String, String> variables)
      throws IOException, InterruptedException {
    skipWithout(UI.resolve("node_modules"));
    Path log = Path.of("target", "ui-" + name + ".log").toAbsolutePath();
    Files.createDirectories(log.getParent());
    var builder =
        new ProcessBuilder(command)
            .directory(UI.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    try {
      assertTrue(
          process.waitFor(Duration.ofSeconds(540).toSeconds(), TimeUnit.SECONDS),
          "it did not end in time: " + log);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    assertEquals(0, process.exitValue(), () -> read(log));
  }

  private static void skipWithout(Path needed) {
    if (!Files.exists(needed)) {
      String reason = "SKIPPED: there is no " + needed.getFileName() + "; ./check installs it";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
