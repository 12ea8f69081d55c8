package io.solebox.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.solebox.testkit.hub.FakeRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

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
  void itAsksDocuments() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      run("openai", "knowledge", server.baseUrl());
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
  void thatOfOllamaPullsAndKeepsModels(@TempDir Path home)
      throws IOException, InterruptedException {
    byte[] guide = Files.readAllBytes(Path.of("..", "models", "guide", "solebox-guide.gguf"));
    String layers = "application/vnd.ollama.image.";
    try (var registry = new FakeRegistry();
        var server = new ServeProcess(home)) {
      registry.publish(
          "library/small",
          "latest",
          "{\"model_format\":\"gguf\"}",
          List.of(
              new FakeRegistry.Layer(layers + "model", guide),
              new FakeRegistry.Layer(layers + "system", "Be brief.".getBytes(UTF_8)),
              new FakeRegistry.Layer(layers + "params", "{\"num_predict\":3}".getBytes(UTF_8))));
      NodeTests.run(
          Path.of("node_modules", "ollama"),
          "ollama-store",
          Map.of("SOLEBOX_BASE_URL", server.baseUrl(), "SOLEBOX_REGISTRY", registry.host()),
          Duration.ofSeconds(150));
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

  @Test
  void soDoesAnAgentsLoop() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      run("openai", "loop", server.baseUrl());
    }
  }

  @Test
  void theyGetWhatTheirSchemasSay() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("openai", "structured", server.baseUrl());
    }
  }

  @Test
  void theServersDocumentIsOneOfOpenApi() throws IOException, InterruptedException {
    try (var server = new GuideServer()) {
      run("@seriousme/openapi-schema-validator", "openapi", server.baseUrl());
    }
  }

  private static void run(String npm, String name, String baseUrl)
      throws IOException, InterruptedException {
    NodeTests.run(Path.of("node_modules", npm), name, baseUrl, Duration.ofSeconds(150));
  }
}
