package io.solebox.clients;

import io.solebox.app.bench.SynthCommand;
import io.solebox.app.console.Console;
import io.solebox.testkit.hub.FakeAnswer;
import io.solebox.testkit.hub.FakeHub;
import io.solebox.testkit.hub.FakeServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;

/**
 * {@code solebox serve} as a box is set up: a process with accounts, its own certificate and an
 * empty store, and a hub on this machine beside it. It starts while others go on; {@link #url}
 * waits for it.
 */
final class BoxProcess implements AutoCloseable {
  /** What the hub has: one that the catalogue suggests, and one that comes to a stop. */
  private static final String SUGGESTED = "bartowski/SmolLM2-135M-Instruct-GGUF";

  private static final String SLOW = "box/slow-GGUF";

  /** Who asks the hub for this lets go on what stands still. */
  private static final String GO_ON = "/go-on";

  private static final int STALLS_AFTER_BYTES = 256 << 10;
  private static final String COMMIT = "c".repeat(40);
  private static final Path GUIDE = Path.of("..", "models", "guide", "solebox-guide.gguf");
  private static final String LISTENS = "Solebox listens on ";
  private static final Pattern CODE = Pattern.compile("^ {2}([A-Z0-9]+(?:-[A-Z0-9]+)+)$");

  private final FakeHub hub;
  private final Path file;
  private final Path log;
  private final Process process;

  BoxProcess(int port) {
    try {
      hub = hub(Files.readAllBytes(GUIDE));
      Path home = StateFolder.make();
      log = home.resolve("serve.log");
      file = full(home.resolve("full.gguf").toAbsolutePath());
      process = start(home, port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path full(Path file) {
    var silent = OutputStream.nullOutputStream();
    var console = new Console(InputStream.nullInputStream(), silent, silent, "", false);
    String[] arguments = {"tiny", "--type=F16", "--out=" + file};
    int exitCode = new CommandLine(new SynthCommand(console)).execute(arguments);
    if (exitCode != 0) {
      throw new IllegalStateException("no model: exit code " + exitCode);
    }
    return file;
  }

  private static FakeHub hub(byte[] model) {
    byte[] other = model.clone();
    other[other.length - 1] ^= 1; // or it is here already, once the first is
    var hub =
        new FakeHub()
            .commit(SUGGESTED, "main", COMMIT, Map.of("m-Q4_K_M.gguf", model))
            .commit(SLOW, "main", COMMIT, Map.of("slow-Q8_0.gguf", other));
    hub.store.fault(
        Integer.MAX_VALUE,
        request -> request.path().endsWith(FakeHub.sha256(other)) && !goesOn(hub),
        answer -> stalled(answer));
    return hub;
  }

  private static boolean goesOn(FakeHub hub) {
    return hub.hub.requests().stream().map(FakeServer.Request::path).anyMatch(GO_ON::equals);
  }

  private static FakeAnswer stalled(FakeAnswer answer) {
    return answer.stallAfter(STALLS_AFTER_BYTES);
  }

  private Process start(Path home, int port) throws IOException {
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
            "guide=" + GUIDE,
            "--device=cpu",
            "--accounts",
            "--tls",
            "--port=" + port,
            "--state=" + home.resolve("state")));
    var builder = new ProcessBuilder(command);
    Map<String, String> variables = builder.environment();
    variables.put("SOLEBOX_HOME", home.toString());
    variables.put("HF_ENDPOINT", hub.uri().toString());
    variables.remove("SOLEBOX_OFFLINE");
    builder.redirectError(log.toFile());
    return builder.start();
  }

  /** As a browser wants it; waits until it listens. To be asked once. */
  String url() {
    try {
      BufferedReader said = process.inputReader(StandardCharsets.UTF_8);
      String line = said.readLine();
      if (line == null || !line.startsWith(LISTENS)) {
        throw new IllegalStateException(
            "it does not serve: " + line + ", " + Logged.lastWords(log));
      }
      return line.substring(LISTENS.length());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With which the first account is made; said after it listens. */
  String setUpCode() throws InterruptedException {
    while (process.isAlive()) {
      for (String line : said()) {
        Matcher matcher = CODE.matcher(line);
        if (matcher.matches()) {
          return matcher.group(1);
        }
      }
      Thread.sleep(20); // a file tells nobody that it has grown
    }
    throw new IllegalStateException("it does not serve: " + Logged.lastWords(log));
  }

  private List<String> said() {
    try {
      return Files.readAllLines(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where the hub listens. */
  String hubUrl() {
    return hub.uri().toString();
  }

  /** A small model with all its bits. */
  String file() {
    return file.toString();
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
    hub.close();
  }
}
