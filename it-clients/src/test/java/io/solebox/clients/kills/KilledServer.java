package io.solebox.clients.kills;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code solebox serve} with a small model and accounts, as a process of its own that ends by kill
 * -9 and no other way.
 */
final class KilledServer implements AutoCloseable {
  private static final String LISTENS = "Solebox listens on ";

  private final Process process;
  private final String url;

  /**
   * Starts it, and waits until it listens.
   *
   * @param model a file
   * @param home its data folder, with a folder {@code state}
   * @param options further ones
   */
  KilledServer(Path model, Path home, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-XX:TieredStopAtLevel=1", // it does not live long
            "-Xmx512m",
            "--add-modules=jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            "io.solebox.app.Main",
            "serve",
            model.toString(),
            "--only",
            "--device=cpu",
            "--port=0",
            "--state=" + home.resolve("state")));
    command.addAll(List.of(options));
    var builder = new ProcessBuilder(command);
    builder.environment().put("SOLEBOX_HOME", home.toString());
    Path log = home.resolve("serve.log");
    builder.redirectError(ProcessBuilder.Redirect.appendTo(log.toFile()));
    process = builder.start();
    BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
    String line = said.readLine();
    if (line == null || !line.startsWith(LISTENS)) {
      process.destroyForcibly();
      throw new IOException("it does not serve: " + line + ", see " + log);
    }
    url = line.substring(LISTENS.length());
  }

  String url() {
    return url;
  }

  /** Ends it with kill -9, and waits until it is gone. */
  @Override
  public void close() {
    process.toHandle().destroyForcibly();
    process.onExit().join();
  }
}
