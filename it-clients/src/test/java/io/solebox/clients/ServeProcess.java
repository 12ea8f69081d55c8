package io.solebox.clients;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** {@code solebox serve} with the embedded model, as a process with a data folder of its own. */
final class ServeProcess implements AutoCloseable {
  private static final String LISTENS = "Solebox listens on ";

  private final Process process;
  private final String url;

  ServeProcess(Path home) throws IOException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var builder =
        new ProcessBuilder(
            List.of(
                java,
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "io.solebox.app.Main",
                "serve",
                Path.of("..", "models", "guide", "solebox-guide.gguf").toString(),
                "--device=cpu",
                "--port=0",
                "--no-store"));
    builder.environment().put("SOLEBOX_HOME", home.toString());
    builder.environment().remove("SOLEBOX_OFFLINE");
    Path log = home.resolve("serve.log");
    builder.redirectError(log.toFile());
    process = builder.start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    if (line == null || !line.startsWith(LISTENS)) {
      process.destroyForcibly();
      throw new IOException("it does not serve: " + line + ", " + Logged.lastWords(log));
    }
    url = line.substring(LISTENS.length());
  }

  /** As clients want it. */
  String baseUrl() {
    return url + "/v1";
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
