package io.solebox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.server.http.HttpLimits;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server whose descriptors ran out listens again when there are some. */
@Timeout(120)
class DescriptorsTest {
  private static final int DESCRIPTORS = 110;
  private static final int CLIENTS = 160;

  @TempDir Path folder;

  /** The server, in a process of its own: prints its port, and ends when stdin does. */
  static final class Main {
    public static void main(String[] arguments) throws IOException {
      // The usual limit of connections would not let it come to this.
      HttpLimits limits = HttpLimits.defaults().withMaxConnections(1000);
      try (TestServer server = new TestServer(ServerConfig.defaults().withLimits(limits))) {
        System.out.println(server.server.port());
        System.in.read();
      }
    }
  }

  @Test
  void listensAgain() throws Exception {
    Assumptions.assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "SKIPPED: there is no bash");
    Path log = folder.resolve("log");
    Process process = start(log);
    try (var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      String line = out.readLine();
      assertTrue(line != null && line.matches("[0-9]+"), () -> read(log));
      int port = Integer.parseInt(line);
      health(port);
      exhaust(port);
      health(port);
      exhaust(port);
      health(port);
      assertTrue(process.isAlive(), () -> read(log));
      assertTrue(read(log).contains("Too many open files"), () -> read(log));
      assertTrue(read(log).lines().count() < 20, () -> read(log)); // no traces, not every second
    } finally {
      process.destroy();
      process.waitFor();
    }
  }

  private static Process start(Path log) throws IOException {
    String modules = System.getProperty("jdk.module.path", "");
    String classes =
        Stream.of(
                System.getProperty("java.class.path"),
                modules,
                "target/test-classes",
                "target/classes")
            .filter(path -> !path.isEmpty())
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            "/bin/bash",
            "-c",
            "ulimit -n %d && exec \"$0\" -XX:+UseSerialGC -cp \"$1\" \"$2\"".formatted(DESCRIPTORS),
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            classes,
            Main.class.getName())
        .redirectError(log.toFile())
        .start();
  }

  /** Holds more connections than there are descriptors, for a while. */
  private static void exhaust(int port) throws Exception {
    List<RawClient> clients = new ArrayList<>();
    try {
      for (int i = 0; i < CLIENTS; i++) {
        RawClient client = new RawClient(port);
        clients.add(client);
        client.trySend("GET /health HT"); // so that it holds its descriptor
      }
      Thread.sleep(1500);
    } finally {
      for (RawClient client : clients) {
        client.close();
      }
    }
  }

  private static void health(int port) throws IOException {
    try (RawClient client = new RawClient(port)) {
      client.request("GET", "/health", new byte[0]);
      assertEquals(200, client.receive().status());
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
