package io.solebox.bench.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server under load, a process of its own. */
final class Server implements AutoCloseable {
  private static final Pattern URL = Pattern.compile("http://[^ ]*:(\\d+)");
  private static final int STOP_SECONDS = 40;

  private final Process process;
  private final int port;

  private Server(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * Starts it with four small models.
   *
   * @param solebox how the command line is called
   * @param guide the model that answers
   * @param folder for models, state and log
   */
  static Server start(List<String> solebox, String guide, Path folder, int parallel)
      throws IOException, InterruptedException {
    for (String shape : List.of("tiny", "tiny-vectors", "tiny-scores")) {
      synth(solebox, folder, shape);
    }
    List<String> command = new ArrayList<>(solebox);
    command.addAll(
        List.of(
            "serve",
            "guide=" + guide,
            "spare=" + folder.resolve("tiny.gguf"),
            "vectors=" + folder.resolve("tiny-vectors.gguf"),
            "scores=" + folder.resolve("tiny-scores.gguf"),
            "--port=0",
            "--parallel=" + parallel,
            "--context=512",
            "--state=" + folder.resolve("state")));
    Process process =
        new ProcessBuilder(command).redirectError(folder.resolve("server.log").toFile()).start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      Matcher url = URL.matcher(line);
      if (url.find()) {
        return new Server(process, Integer.parseInt(url.group(1)));
      }
    }
    process.destroy();
    throw new IOException(
        "the server did not start; " + folder.resolve("server.log") + " says why");
  }

  private static void synth(List<String> solebox, Path folder, String shape)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(solebox);
    command.addAll(List.of("synth", shape, "--out=" + folder.resolve(shape + ".gguf")));
    Path log = folder.resolve("synth.log");
    Process made =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    if (made.waitFor() != 0) {
      throw new IOException("the models could not be made; " + log + " says why");
    }
  }

  int port() {
    return port;
  }

  /** Of the Java process itself: launchers replace themselves by it. */
  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /**
   * As a supervisor ends it.
   *
   * @return its exit code
   */
  int stop() throws InterruptedException, IOException {
    process.destroy();
    if (!process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IOException("the server did not end within " + STOP_SECONDS + " s of SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
