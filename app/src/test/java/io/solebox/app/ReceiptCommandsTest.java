package io.solebox.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.engine.api.ChatOptions;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.chat.ChatTemplates;
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
    var options =
        LoadOptions.defaults()
            .withParallel(2)
            .withStepTokens(24)
            .withChat(new ChatOptions(ChatTemplates.builtIn("chatml"), Map.of()));
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
    return post("/v1/completions", body);
  }

  private static Map<String, Object> post(String path, String body) throws IOException {
    return call("POST", path, body);
  }

  private static Map<String, Object> call(String method, String path, String body)
      throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String head =
        "%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n".formatted(method, path)
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

  private static Path json(String name, Object value) throws IOException {
    return Files.write(home.resolve(name + ".json"), new JsonWriter().bytes(value));
  }

  /** A response, and the files of its request and itself. */
  private record Turn(String id, Path request, Path answer) {
    static Turn asked(String name, String body) throws IOException {
      Map<String, Object> answer = post("/v1/responses", body);
      Path request = Files.writeString(home.resolve(name + ".request"), body);
      return new Turn((String) answer.get("id"), request, json(name, answer));
    }

    CliRunner.Result replay(String... more) {
      List<String> all = new ArrayList<>(List.of("--chat-template", "chatml"));
      all.addAll(List.of(more));
      return ReceiptCommandsTest.replay(new Asked(request, answer), all.toArray(String[]::new));
    }
  }

  private static String response(String text, String more) {
    return "{\"model\":\"stories\",\"input\":\"%s\",\"max_output_tokens\":12,\"receipt\":true%s}"
        .formatted(text, more);
  }

  @Test
  void aResponseThatGoesOnIsReplayedWithWhatWasBefore() throws Exception {
    Turn first = Turn.asked("first", response("Once", ""));
    String goesOn = ",\"previous_response_id\":\"%s\"";
    Turn second = Turn.asked("second", response("The cat", goesOn.formatted(first.id())));
    Turn third = Turn.asked("third", response("And then", goesOn.formatted(second.id())));
    List<String> before = new ArrayList<>();
    for (Path file : List.of(first.request(), first.answer(), second.request(), second.answer())) {
      before.addAll(List.of("--earlier", file.toString()));
    }
    var again = third.replay(before.toArray(String[]::new));
    assertEquals(0, again.exitCode(), again.out() + again.err());
    var cut = third.replay(before.subList(0, 6).toArray(String[]::new));
    assertEquals(3, cut.exitCode(), cut.err());
    assertTrue(cut.out().contains("another prompt"), cut.out());
    var alone = third.replay();
    assertEquals(1, alone.exitCode());
    assertTrue(alone.err().contains("--earlier"), alone.err());
    var nothing = third.replay("--earlier", json("nothing", Map.of("x", 1)).toString());
    assertEquals(1, nothing.exitCode());
  }

  @Test
  void aConversationMayHaveGoneOnSince() throws Exception {
    String id = (String) post("/v1/conversations", "{}").get("id");
    String on = ",\"conversation\":\"" + id + "\"";
    Turn.asked("c1", response("Once", on));
    Turn asked = Turn.asked("c2", response("The cat", on));
    Turn.asked("c3", response("And then", on));
    Map<String, Object> items = call("GET", "/v1/conversations/" + id + "/items?order=asc", "");
    var again = asked.replay("--earlier", json("items", items).toString());
    assertEquals(0, again.exitCode(), again.out() + again.err());
  }

  @Test
  void anAnswerIsHeldAgainstItsReceipt() throws Exception {
    String body = body("Once upon a time", ",\"max_tokens\":30,\"temperature\":0");
    Map<String, Object> answer = post(body);
    Asked asked =
        new Asked(Files.writeString(home.resolve("held.json"), body), json("held-answer", answer));
    var whole = replay(asked, "--answer", asked.receipt().toString());
    assertEquals(0, whole.exitCode(), whole.out() + whole.err());
    assertTrue(whole.out().contains("the answer is the one that was signed"), whole.out());
    var choice = CliRunner.asObject(((List<?>) answer.get("choices")).getFirst());
    String said = (String) choice.get("text");
    String other = said.substring(0, 9) + "#" + said.substring(10);
    Path text = Files.writeString(home.resolve("held.txt"), other);
    var changed = replay(asked, "--answer", text.toString(), "--json");
    assertEquals(3, changed.exitCode(), changed.err());
    var told = CliRunner.asObject(changed.object().get("answer"));
    assertEquals("other", told.get("verdict"));
    assertEquals(9L, told.get("from_character"));
    assertEquals(said.substring(9), told.get("replayed"));
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
