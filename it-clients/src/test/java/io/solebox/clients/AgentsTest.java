package io.solebox.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Codex and opencode as they are; they take half a minute, and longer where others compute. */
@Tag("slow")
@Timeout(420)
class AgentsTest {
  @Test
  void agentsOfTheCommandLineWorkUnmodified() throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      Path installed = Path.of("agents", "node_modules");
      NodeTests.run(installed, "agents", server.baseUrl(), Duration.ofSeconds(400));
    }
  }
}
