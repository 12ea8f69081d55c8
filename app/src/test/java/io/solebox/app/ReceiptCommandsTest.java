package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code solebox receipt verify} and {@code solebox replay}, of answers that a server gave. */
@Timeout(120)
class ReceiptCommandsTest {
  @TempDir private static Path home;

  private static Path model;
  private static Engine engine;
  private static ModelHost host;
  private static SoleboxServer server;

  @BeforeAll
  static void start() {
    model = CliRunner.shared("stories260K/stories260K-f32.gguf");
    engine = Engine.open("cpu", 2);
    var options = LoadOptions.defaults().withParallel(2).withStepTokens(24);
    host =
        new ModelHost(
            engine,
            Catalog.of(List.of(new Catalog.Offer("stories", model, options))),
            LoadGate.OPEN,
            new LoadWatcher() {});
    Path state = home.resolve("server/server.db");
    server = SoleboxServer.start(ServerConfig.defaults().withPort(0).withStateFile(state), host);
  }

  @AfterAll
  static void stop() {
    if (server != null) {
      server.close();
      host.close();
      engine.close();
    }
  }

  private static String body(String prompt, String more) {
    return "{\"model\":\"stories\",\"prompt\":\"%s\",\"receipt\":true%s}".formatted(prompt, more);
  }

  /** The body of an answer that is whole. */
  private static Map<String, Object> post(String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "POST /v1/completions HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
            + "Content-Type: application/json\r\nContent-Length: "
            + bytes.length
            + "\r\n\r\n";
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(bytes);
      var in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
      List<String> lines = in.lines().toList();
      assertTrue(lines.getFirst().contains(" 200 "), lines::toString);
      return CliRunner.asObject(CliRunner.json(lines.getLast()));
    }
  }

  private record Asked(Path request, Path receipt) {}

  private static Asked asked(String name, String body) throws IOException {
    Path request = Files.writeString(home.resolve(name + ".json"), body);
    byte[] receipt = new JsonWriter().bytes(post(body).get("receipt"));
    return new Asked(request, Files.write(home.resolve(name + ".receipt"), receipt));
  }

  private static CliRunner.Result replay(Asked asked, String... more) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "replay",
                asked.receipt().toString(),
                "--prompt",
                asked.request().toString(),
                "--model",
                model.toString()));
    arguments.addAll(List.of(more));
    return new CliRunner(home).run(arguments.toArray(String[]::new));
  }

  private static CliRunner.Result verify(Path file, String... more) {
    List<String> arguments = new ArrayList<>(List.of("receipt", "verify", file.toString()));
    arguments.addAll(List.of(more));
    return new CliRunner(home).run(arguments.toArray(String[]::new));
  }

  @Test
  void answersOfCrowdedBatchesAreComputedAgainToTheBit() throws Exception {
    Callable<Asked> greedy =
        () -> asked("greedy", body("Once upon a time", ",\"max_tokens\":70,\"temperature\":0"));
    Callable<Asked> drawn = () -> asked("drawn", body("The cat", ",\"max_tokens\":70,\"n\":3"));
    Callable<Asked> stopped =
        () -> asked("stopped", body("Tom and Lily", ",\"max_tokens\":90,\"stop\":\". \""));
    List<Callable<Asked>> all = new ArrayList<>(List.of(greedy, drawn, stopped));
    for (int i = 0; i < 9; i++) {
      String name = "other" + i;
      all.add(() -> asked(name, body("One day " + name, ",\"max_tokens\":40")));
    }
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Asked>> answers = clients.invokeAll(all);
      for (Future<Asked> answer : answers.subList(0, 4)) {
        var again = replay(answer.get());
        assertEquals(0, again.exitCode(), again.out() + again.err());
        assertTrue(again.out().startsWith("the same bits: "), again.out());
      }
    }
  }

  @Test
  void anotherPromptComputesNothingAndOthersWordsAreToldApart() throws Exception {
    Asked asked = asked("own", body("Once upon a time", ",\"max_tokens\":40,\"temperature\":0"));
    String other = body("Twice upon a time", ",\"max_tokens\":40,\"temperature\":0");
    var prompt =
        replay(new Asked(Files.writeString(home.resolve("other"), other), asked.receipt()));
    assertEquals(3, prompt.exitCode(), prompt.err());
    assertTrue(prompt.out().contains("another prompt"), prompt.out());
    String hotter = body("Once upon a time", ",\"max_tokens\":40,\"temperature\":2");
    Path changed = Files.writeString(home.resolve("hotter"), hotter);
    var sampling = replay(new Asked(changed, asked.receipt()), "--json");
    assertEquals(3, sampling.exitCode(), sampling.err());
    assertEquals(List.of("sampling"), sampling.object().get("differs"));
    var plain = Files.writeString(home.resolve("plain.txt"), "Once upon a time");
    var completed = replay(new Asked(plain, asked.receipt()));
    assertEquals(0, completed.exitCode(), completed.out() + completed.err());
  }

  @Test
  void aReceiptIsVerifiedWithoutAModel() throws Exception {
    Asked asked = asked("verified", body("Once", ",\"max_tokens\":3"));
    var valid = verify(asked.receipt(), "--json").object();
    assertEquals(true, valid.get("valid"));
    assertEquals(0, verify(asked.receipt()).exitCode());
    String own = new CliRunner(home).run("box", "key", "--pem").out();
    Path pem = Files.writeString(home.resolve("own.pem"), own);
    assertEquals(0, verify(asked.receipt(), "--key", pem.toString()).exitCode());
    var others = verify(asked.receipt(), "--fingerprint", "ab".repeat(32));
    assertEquals(1, others.exitCode());
    assertTrue(others.err().contains("[untrusted]"), others.err());
    var nobody = verify(asked.receipt(), "--state", home.resolve("none").toString());
    assertEquals(1, nobody.exitCode());
    assertTrue(nobody.err().contains((String) valid.get("fingerprint")), nobody.err());
    String text =
        Files.readString(asked.receipt())
            .replace("\"stop_reason\":\"length\"", "\"stop_reason\":\"stop\"");
    var changed = verify(Files.writeString(home.resolve("changed"), text));
    assertEquals(1, changed.exitCode());
    assertTrue(changed.err().contains("changed since it was signed"), changed.err());
  }

  @Test
  void withoutItsSaltItIsVerifiedAndNothingCanBeHeldAgainstIt() throws Exception {
    Asked asked = asked("salted", body("Once", ",\"max_tokens\":3"));
    Map<String, Object> receipt =
        new LinkedHashMap<>(CliRunner.asObject(CliRunner.json(Files.readString(asked.receipt()))));
    receipt.remove("salt");
    Path shown = Files.write(home.resolve("shown"), new JsonWriter().bytes(receipt));
    var verified = verify(shown);
    assertEquals(0, verified.exitCode(), verified.err());
    assertTrue(verified.err().contains("salt"), verified.err());
    var replayed = replay(new Asked(asked.request(), shown));
    assertEquals(1, replayed.exitCode());
    assertTrue(replayed.err().contains("salt"), replayed.err());
  }
}
