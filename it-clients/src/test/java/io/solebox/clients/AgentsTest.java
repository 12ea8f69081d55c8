package io.solebox.clients;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Codex and opencode as they are; they take half a minute, and longer where others compute. */
@Tag("slow")
@Timeout(300)
class AgentsTest {
  private static final Path INSTALLED = Path.of("agents", "node_modules");

  @Test
  void codexWorksUnmodified() throws IOException, InterruptedException {
    boolean arm = System.getProperty("os.arch").equals("aarch64");
    Path binary =
        INSTALLED
            .resolve(arm ? "codex-linux-arm64" : "codex-linux-x64")
            .resolve("vendor")
            .resolve((arm ? "aarch64" : "x86_64") + "-unknown-linux-musl")
            .resolve("bin/codex");
    run(binary, "codex");
  }

  @Test
  void opencodeWorksUnmodified() throws IOException, InterruptedException {
    run(INSTALLED.resolve("opencode-linux-x64-baseline/bin/opencode"), "opencode");
  }

  private static void run(Path binary, String name) throws IOException, InterruptedException {
    try (var server = new ScriptedServer()) {
      NodeTests.run(binary, name, server.baseUrl(), Duration.ofSeconds(280));
    }
  }
}
