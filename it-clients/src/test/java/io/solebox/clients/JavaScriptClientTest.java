package io.solebox.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
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
