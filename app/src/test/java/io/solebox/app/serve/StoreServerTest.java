package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.Synthetic;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Partial;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.cleanup.CleanupRule;
import io.solebox.store.layout.MadeFrom;
import io.solebox.store.layout.ModelName;
import io.solebox.store.pull.http.Network;
import io.solebox.testkit.hub.FakeHub;
import io.solebox.testkit.hub.FakeRegistry;
import io.solebox.testkit.hub.FakeServer;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is in the store is offered at once, whoever brought it there, and no longer than that. */
@Timeout(60)
class StoreServerTest {
  private static final String WEIGHTS = "application/vnd.ollama.image.model";

  @TempDir static Path models;
  private static Path file;
  private static byte[] model;

  @TempDir Path home;
  private FakeRegistry registry;
  private StoreServer server;

  @BeforeAll
  static void make() throws Exception {
    file = Synthetic.model(models, "tiny", "Q8_0");
    model = Files.readAllBytes(file);
  }

  @BeforeEach
  void start() {
    registry = new FakeRegistry();
    registry.publish(
        "library/m",
        "latest",
        "{\"model_format\":\"gguf\"}",
        List.of(
            new FakeRegistry.Layer(WEIGHTS, model),
            new FakeRegistry.Layer(OllamaLayers.SYSTEM, "Be brief.".getBytes()),
            new FakeRegistry.Layer(OllamaLayers.PARAMS, "{\"num_predict\":3}".getBytes())));
    server = new StoreServer(home, file, new Network.Open());
  }

  @AfterEach
  void stop() {
    server.close();
    registry.close();
  }

  private String name() {
    return registry.host() + "/library/m";
  }

  private String pull(String more) {
    return "{\"model\":\"%s\",\"insecure\":true%s}".formatted(name(), more);
  }

  @Test
  void aPullIsToldInOllamasLinesAndTheModelRuns() throws Exception {
    List<Map<String, Object>> lines = server.post("/api/pull", pull("")).lines();
    assertEquals("pulling manifest", lines.getFirst().get("status"));
    String digest = FakeHub.sha256(model);
    Map<String, Object> last =
        lines.stream()
            .filter(line -> ("sha256:" + digest).equals(line.get("digest")))
            .toList()
            .getLast();
    assertEquals("pulling " + digest.substring(0, 12), last.get("status"));
    assertEquals((long) model.length, last.get("total"));
    assertEquals((long) model.length, last.get("completed"));
    assertEquals(
        List.of("verifying sha256 digest", "writing manifest", "success"),
        lines.subList(lines.size() - 3, lines.size()).stream().map(l -> l.get("status")).toList());
    assertEquals(List.of("started:latest", name() + ":latest"), server.tags());
    assertTrue(server.get("/v1/models").text().contains(name()));
    // As the client called it, with what its makers set.
    var answer =
        server.post(
            "/api/generate",
            "{\"model\":\"%s:latest\",\"prompt\":\"a\",\"stream\":false}".formatted(name()));
    assertEquals(200, answer.status(), answer.text());
    assertEquals(3L, answer.json().get("eval_count"));
    assertTrue(
        server
            .post("/api/show", "{\"model\":\"%s\"}".formatted(name()))
            .text()
            .contains("Be brief."));
  }

  @Test
  void aPullCanBeAnsweredWhole() throws Exception {
    var answer = server.post("/api/pull", pull(",\"stream\":false"));
    assertEquals("{\"status\":\"success\"}", answer.text());
    assertEquals("success", server.post("/api/pull", pull("")).lines().getLast().get("status"));
    // What the server was started with need not be fetched.
    var started = server.post("/api/pull", "{\"model\":\"started\",\"stream\":false}");
    assertEquals(200, started.status());
  }

  @Test
  void aPullThatFailsSaysWhy() throws Exception {
    registry.publish("library/other", "latest", "{}", List.of());
    String unknown = "{\"model\":\"%s/library/none\",\"insecure\":true}".formatted(registry.host());
    var lines = server.post("/api/pull", unknown).lines();
    assertEquals("pulling manifest", lines.getFirst().get("status"));
    assertTrue(lines.getLast().get("error").toString().contains("none"), lines.toString());
    var whole = server.post("/api/pull", unknown.replace("true", "true,\"stream\":false"));
    assertEquals(404, whole.status(), whole.text());
    assertEquals(400, server.post("/api/pull", "{\"model\":\"/etc/passwd\"}").status());
  }

  @Test
  void termsThatTheSourceWantsAcceptedAreNotForClientsToAccept() throws Exception {
    byte[] licence = "HARD COMMUNITY LICENSE".getBytes();
    registry.publish(
        "library/hard",
        "latest",
        "{}",
        List.of(
            new FakeRegistry.Layer(WEIGHTS, model),
            new FakeRegistry.Layer("application/vnd.ollama.image.license", licence)));
    String hard = "{\"model\":\"%s/library/hard\",\"insecure\":true,\"stream\":false}";
    var answer = server.post("/api/pull", hard.formatted(registry.host()));
    assertEquals(403, answer.status(), answer.text());
    assertTrue(answer.text().contains("HARD COMMUNITY LICENSE"), answer.text());
    assertTrue(answer.text().contains("--accept-licence"), answer.text());
    assertEquals(List.of(), registry.store.requests().stream().filter(this::isOfModel).toList());
  }

  private boolean isOfModel(FakeServer.Request request) {
    return request.path().endsWith(FakeHub.sha256(model)) && request.header("range").isEmpty();
  }

  /** What only pulls need is read when one begins, and keeps no server from answering. */
  @Test
  void aTokenIsReadForEachPull() throws Exception {
    Path token = home.resolve(".cache/huggingface/token");
    Files.createDirectories(token.getParent());
    Files.writeString(token, "no token");
    try (var other = new StoreServer(home, file, new Network.Open())) {
      var refused = other.post("/api/pull", pull(",\"stream\":false"));
      assertEquals(400, refused.status(), refused.text());
      assertTrue(refused.text().contains("HF_TOKEN"), refused.text());
      Files.delete(token);
      assertEquals(200, other.post("/api/pull", pull(",\"stream\":false")).status());
    }
  }

  @Test
  void nothingIsAskedForOffline() throws Exception {
    try (var offline = new StoreServer(home, file, new Network.Closed("--offline was given"))) {
      var answer = offline.post("/api/pull", pull(""));
      assertEquals(403, answer.status());
      assertTrue(answer.text().contains("--offline"), answer.text());
      assertEquals(List.of(), registry.registry.requests());
    }
  }

  @Test
  void whatOthersDoToTheStoreIsSeenAtOnce() throws Exception {
    server.post("/api/pull", pull(",\"stream\":false"));
    ModelName own = ModelName.parse(name());
    var manifest = server.store.current(own).orElseThrow().manifest();
    server.store.publish(ModelName.parse("second"), manifest);
    server.store.publish(ModelName.parse("third:tag"), manifest);
    assertTrue(server.tags().containsAll(List.of("second:latest", "third:tag")));
    assertEquals(200, server.get("/v1/models/Third").status()); // the only tag, in any case
    server.store.publish(ModelName.parse("third:other"), manifest);
    assertEquals(404, server.get("/v1/models/third").status());
    assertEquals(404, server.get("/v1/models/second:none").status());
    server.store.remove(ModelName.parse("second"));
    assertFalse(server.tags().contains("second:latest"));
    assertEquals(404, server.post("/api/show", "{\"model\":\"second\"}").status());
  }

  @Test
  void namesAreCopiedAndRemoved() throws Exception {
    server.post("/api/pull", pull(",\"stream\":false"));
    String copy = "{\"source\":\"%s\",\"destination\":\"mine\"}".formatted(name());
    assertEquals(200, server.post("/api/copy", copy).status());
    assertTrue(server.store.current(ModelName.parse("mine")).isPresent());
    assertEquals(400, server.post("/api/copy", copy.replace("mine", StoreServer.STARTED)).status());
    server.post("/api/generate", "{\"model\":\"mine\",\"prompt\":\"\"}"); // loads it
    server.store.pin(ModelName.parse("mine"), true);
    assertEquals(409, server.send("DELETE", "/api/delete", "{\"model\":\"mine\"}").status());
    server.store.pin(ModelName.parse("mine"), false);
    var removed = server.send("DELETE", "/api/delete", "{\"model\":\"mine\"}");
    assertEquals(200, removed.status(), removed.text());
    assertFalse(server.tags().contains("mine:latest"));
    assertEquals(
        200, server.send("DELETE", "/api/delete", "{\"model\":\"%s\"}".formatted(name())).status());
    assertEquals(List.of("started:latest"), server.tags());
    assertEquals(400, server.send("DELETE", "/api/delete", "{\"model\":\"started\"}").status());
    try (Stream<Path> blobs = Files.walk(home.resolve("store/blobs"))) {
      assertEquals(List.of(), blobs.filter(Files::isRegularFile).toList());
    }
  }

  @Test
  void whatIsMadeOfAModelOfTheStoreStaysThere() throws Exception {
    server.post("/api/pull", pull(",\"stream\":false"));
    String create =
        """
        {"model":"poet","from":"%s","system":"Rhyme.","parameters":{"num_predict":2},"stream":false}\
        """
            .formatted(name());
    assertEquals(200, server.post("/api/create", create).status());
    var manifest = server.store.current(ModelName.parse("poet")).orElseThrow().manifest();
    assertEquals(3, manifest.layers().size());
    var poet = server.post("/api/show", "{\"model\":\"poet\"}").json();
    assertEquals("Rhyme.", poet.get("system"));
    var answer =
        server.post("/api/generate", "{\"model\":\"poet\",\"prompt\":\"a\",\"stream\":false}");
    assertEquals(2L, answer.json().get("eval_count"), answer.text());
    String again = create.replace("Rhyme.", "Sing.").replace("poet", "singer");
    assertEquals(200, server.post("/api/create", again.replace(name(), "poet")).status());
    assertEquals("Sing.", server.post("/api/show", "{\"model\":\"singer\"}").json().get("system"));
    assertEquals(400, server.post("/api/create", create.replace("poet", "started")).status());
  }

  @Test
  void aFileThatIsSentBecomesAModel() throws Exception {
    String digest = "sha256:" + FakeHub.sha256(model);
    assertEquals(404, server.send("HEAD", "/api/blobs/" + digest, "").status());
    assertEquals(201, server.sendFile("/api/blobs/" + digest, model).status());
    assertEquals(200, server.send("HEAD", "/api/blobs/" + digest, "").status());
    String create =
        "{\"model\":\"sent\",\"files\":{\"tiny\":\"%s\"},\"system\":\"Rhyme.\"}".formatted(digest);
    var lines = server.post("/api/create", create).lines();
    assertEquals(Map.of("status", "success"), lines.getLast());
    assertEquals("Rhyme.", server.post("/api/show", "{\"model\":\"sent\"}").json().get("system"));
    var answer =
        server.post("/api/generate", "{\"model\":\"sent\",\"prompt\":\"a\",\"stream\":false}");
    assertEquals(200, answer.status(), answer.text());
  }

  @Test
  void aModelIsQuantizedOnItsWay() throws Exception {
    Path wide = Synthetic.model(home, "tiny", "F16");
    byte[] bytes = Files.readAllBytes(wide);
    String digest = "sha256:" + FakeHub.sha256(bytes);
    server.sendFile("/api/blobs/" + digest, bytes);
    String create =
        "{\"model\":\"wide\",\"files\":{\"wide.gguf\":\"%s\"},\"stream\":false}".formatted(digest);
    assertEquals(200, server.post("/api/create", create).status());
    var lines =
        server
            .post("/api/create", "{\"model\":\"small\",\"from\":\"wide\",\"quantize\":\"q8_0\"}")
            .lines();
    assertEquals("success", lines.getLast().get("status"), lines.toString());
    assertEquals(1000L, lines.getFirst().get("total"), lines.toString());
    var small = server.post("/api/show", "{\"model\":\"small\"}").json();
    assertEquals("Q8_0", ((Map<?, ?>) small.get("details")).get("quantization_level"));
    var manifest = server.store.current(ModelName.parse("small")).orElseThrow().manifest();
    assertTrue(manifest.annotations().toString().contains("quantize Q8_0"), manifest::toString);
    assertTrue(MadeFrom.of(manifest).isPresent(), manifest::toString);
  }

  @Test
  void whatIsSentWronglyIsRefusedAndLeavesNothing() throws Exception {
    byte[] noModel = "not a model".getBytes();
    String digest = "sha256:" + FakeHub.sha256(noModel);
    String other = "sha256:" + "0".repeat(64);
    var wrong = server.sendFile("/api/blobs/" + other, noModel);
    assertEquals(400, wrong.status(), wrong.text());
    assertTrue(wrong.text().contains(digest), wrong.text());
    assertEquals(201, server.sendFile("/api/blobs/" + digest, noModel).status());
    for (String files :
        List.of(
            "'a.gguf':'%s'".formatted(digest),
            "'a.gguf':'%s'".formatted(other),
            "'a.gguf':'sha256:00'",
            "'../a.gguf':'%s'".formatted(digest),
            "'a\\u0000.gguf':'%s'".formatted(digest),
            "'lock':'%s','owner':'%1$s'".formatted(digest),
            "'config.json':'%s','model.safetensors':'%1$s'".formatted(digest))) {
      String create = "{'model':'bad','files':{%s}}".formatted(files).replace('\'', '"');
      var refused = server.post("/api/create", create);
      assertEquals(400, refused.status(), files + refused.text());
    }
    String quantize = "{\"model\":\"x\",\"from\":\"started\",\"quantize\":\"q4_K_M\"}";
    assertEquals(400, server.post("/api/create", quantize).status());
    assertEquals(List.of("started:latest"), server.tags());
  }

  @Test
  void oneOfTwoNamesGoesWhileTheModelIsLoadedUnderTheOther() throws Exception {
    server.post("/api/pull", pull(",\"stream\":false"));
    server.post("/api/copy", "{\"source\":\"%s\",\"destination\":\"mine\"}".formatted(name()));
    server.post("/api/generate", "{\"model\":\"%s\",\"prompt\":\"\"}".formatted(name()));
    assertEquals(200, server.send("DELETE", "/api/delete", "{\"model\":\"mine\"}").status());
    var refused =
        assertThrows(SoleboxException.class, () -> server.store.remove(ModelName.parse(name())));
    assertEquals(ErrorCode.IN_USE, refused.code());
  }

  @Test
  void administratorsPullPinAndRemove() throws Exception {
    var pulled = server.post("/v1/models/pull", pull(",\"stream\":true"));
    List<Map<String, Object>> events =
        pulled.text().lines().filter(l -> l.startsWith("data: ")).map(StoreServer::event).toList();
    assertEquals("model_pull", events.getFirst().get("event"));
    assertEquals(Map.of("status", "looking"), events.getFirst().get("data"));
    var done = (Map<?, ?>) events.getLast().get("data");
    assertEquals("done", done.get("status"));
    assertEquals(name(), done.get("model"));
    assertTrue(pulled.text().contains("\"bytes_per_second\""), pulled.text());
    assertEquals(200, server.post("/v1/models/pull", pull("")).status());
    assertEquals(
        true,
        server
            .post("/v1/models/pin", pull("").replace(",\"insecure\":true", ""))
            .json()
            .get("pinned"));
    assertEquals(409, server.send("DELETE", "/v1/models/" + name(), "").status());
    server.post("/v1/models/unpin", "{\"model\":\"%s\"}".formatted(name()));
    var removed = server.send("DELETE", "/v1/models/" + name(), "");
    assertEquals(200, removed.status(), removed.text());
    assertEquals(true, removed.json().get("deleted"));
    assertEquals(404, server.send("DELETE", "/v1/models/" + name(), "").status());
  }

  @Test
  void theCleanUpIsAnnouncedAndCounted() throws Exception {
    new Cleanup(server.store, home.resolve("store"))
        .set(new CleanupRule(OptionalLong.empty(), OptionalLong.of(1), OptionalLong.empty()));
    server.post("/api/pull", pull(",\"stream\":false"));
    while (!server.get("/metrics").text().contains("solebox_cleanup_announced 1")) {
      Thread.sleep(10);
    }
    assertTrue(server.said.toString().contains("will leave after"), server.said.toString());
    assertTrue(server.get("/metrics").text().contains("solebox_cleanup_removed_total 0"));
    assertTrue(server.tags().contains(name() + ":latest")); // a day must pass first
    Path announced = home.resolve("store").resolve("cleanup.announced");
    String years = Files.readString(announced).replaceAll("20\\d\\d-", "2020-");
    Files.writeString(announced, years); // and has
    server.post("/api/pull", pull(",\"stream\":false"));
    while (!server.get("/metrics").text().contains("solebox_cleanup_removed_total 1")) {
      Thread.sleep(10);
    }
    String told = server.get("/admin/audit?action=model.cleanup").text();
    assertTrue(told.contains(name()) && told.contains("too-much"), told);
  }

  @Test
  void whoLeavesEndsHisPullAndAnotherGoesOn() throws Exception {
    String weights = FakeHub.sha256(model);
    registry.store.fault(
        1, request -> request.path().endsWith(weights), answer -> answer.stallAfter(100));
    var leaving =
        server
            .client()
            .send(
                server.request("POST", "/api/pull", pull("")),
                HttpResponse.BodyHandlers.ofInputStream());
    Path partial = server.store.blobs().partials().resolve(weights);
    try (InputStream lines = leaving.body()) {
      assertTrue(lines.read() > 0);
      while (registry.store.requests().stream().noneMatch(r -> r.path().endsWith(weights))) {
        Thread.sleep(5);
      }
    }
    while (Partial.isOwned(partial)) { // until the server has noticed
      Thread.sleep(5);
    }
    assertEquals("success", server.post("/api/pull", pull("")).lines().getLast().get("status"));
  }
}
