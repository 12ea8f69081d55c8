package io.solebox.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Runs {@code src/test/js}: other people's JavaScript clients; ./check installs them. */
@Timeout(180)
class JavaScriptClientTest {
  @Test
  void theOfficialClientWorksUnmodified() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("openai", "openai", server.baseUrl());
    }
  }

  @Test
  void itKeepsThings() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("openai", "stored", server.baseUrl());
    }
  }

  @Test
  void itCallsTools() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      run("openai", "tools", server.baseUrl());
    }
  }

  @Test
  void soDoesThatOfAnthropic() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("@anthropic-ai/sdk", "anthropic", server.baseUrl());
    }
  }

  @Test
  void soDoesThatOfOllama() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("ollama", "ollama", server.baseUrl());
    }
  }

  @Test
  void soDoesLangChain() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      run("@langchain/openai", "langchain", server.baseUrl());
    }
  }

  @Test
  void soDoesTheAiSdk() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      run("ai", "ai-sdk", server.baseUrl());
    }
  }

  /** Runs one of the files of tests, which uses an npm package. */
  private static void run(String npm, String name, String baseUrl)
      throws IOException, InterruptedException {
    if (!Files.isDirectory(Path.of("node_modules", npm))) {
      String reason = "SKIPPED: the npm package " + npm + " is not installed; ./check installs it";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    Path log = Path.of("target", name + "-js.log");
    var builder =
        new ProcessBuilder("node", "--test", "src/test/js/" + name + ".test.mjs")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().put("SOLEBOX_BASE_URL", baseUrl);
    Process node = builder.start();
    assertTrue(node.waitFor(150, TimeUnit.SECONDS), "node did not end in time");
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
