package io.solebox.app.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.solebox.app.FakeGpu;
import io.solebox.app.FakeShelly;
import io.solebox.app.Synthetic;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.KeepAlive;
import io.solebox.engine.host.ModelState;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.board.BoardFault;
import io.solebox.hardware.board.BoardStatus;
import io.solebox.hardware.board.LinkedBoard;
import io.solebox.hardware.board.Order;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.server.ServerConfig;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server under load whose GPU, which is a library that has none, heats up and cools down. */
@Timeout(120)
class GuardedServingTest {
  private static final Map<String, String> QUICK =
      Map.of(
          "guard.every_seconds", "0.05",
          "guard.rise_seconds", "0",
          "guard.fall_seconds", "0.2",
          "psu.watts", "600");

  @TempDir private Path folder;
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final HttpClient client = HttpClient.newHttpClient();
  private FakeGpu gpu;
  private HardwareCare care;
  private Serving serving;

  @BeforeEach
  void compile() throws Exception {
    gpu = new FakeGpu(folder).set("core 60");
  }

  private void start() throws Exception {
    start(Map.of());
  }

  private void start(Map<String, String> more) throws Exception {
    var console = new Console(new ByteArrayInputStream(new byte[0]), said, said, "", false);
    Map<String, String> lines = new HashMap<>(QUICK);
    lines.putAll(more);
    var settings = ((HardwareSettings.Result.Good) HardwareSettings.of(lines)).settings();
    Attached attached = Attached.of(settings, environment());
    care =
        new HardwareCare(
            GuardOptions.Wish.ON, settings, gpu.library().toString(), attached, console);
    LoadOptions options = LoadOptions.defaults().withParallel(2).withPace(care);
    Path file = Synthetic.model(folder, "tiny", "Q8_0");
    serving =
        Serving.start(
            ServerConfig.defaults()
                .withPort(0)
                .withGuard(care::ruling)
                .withSampler(care.measure().sampler()),
            Engine.open("cpu", 1),
            care,
            new Serving.Offered(
                Catalog.of(List.of(new Catalog.Offer("tiny", file, options))), Optional.empty()),
            new LoadReporter(console, Set.of("tiny")),
            KeepAlive.WHILE_THERE_IS_ROOM);
  }

  private Environment environment() {
    return new Environment(Map.of(), folder, Optional.empty());
  }

  @AfterEach
  void stop() {
    Optional.ofNullable(serving).ifPresent(Serving::close);
    serving = null;
    client.close();
  }

  private HttpResponse<String> send(String method, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serving.server().port() + path))
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }

  private HttpResponse<String> ask() throws IOException, InterruptedException {
    return send(
        "POST", "/v1/completions", "{\"model\":\"tiny\",\"prompt\":\"a\",\"max_tokens\":20}");
  }

  private static Map<String, Object> json(HttpResponse<String> answer) {
    return new JsonReader(JsonLimits.LOCAL)
        .readObject(answer.body().getBytes(StandardCharsets.UTF_8));
  }

  /** Waits until {@code /health} has this level. */
  private void await(String level) throws IOException, InterruptedException {
    String seen = "";
    while (!seen.equals(level)) {
      Map<?, ?> body = json(send("GET", "/health", ""));
      seen = body.get("hardware") instanceof Map<?, ?> its ? (String) its.get("level") : "normal";
    }
  }

  @Test
  void slowsDownPausesStopsAndRecoversAndEveryRequestIsAnswered() throws Exception {
    start();
    assertEquals(200, ask().statusCode());
    var going = new AtomicBoolean(true);
    try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<HttpResponse<String>>>> answered = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        answered.add(people.submit(() -> askOn(going)));
      }
      gpu.set("core 84");
      await("slow");
      assertEquals(0.5, care.share());
      assertEquals(200, ask().statusCode());

      gpu.set("core 86");
      await("paused");
      HttpResponse<String> refused = ask();
      assertEquals(503, refused.statusCode());
      assertTrue(refused.headers().firstValue("Retry-After").isPresent());
      assertTrue(refused.body().contains("is at 86 °C"), refused.body());

      gpu.set("core 88");
      await("stopped");
      while (!said().contains("tiny was unloaded at once")) {
        Thread.onSpinWait();
      }
      assertTrue(json(send("GET", "/health", "")).toString().contains("state=unloaded"));

      gpu.set("core 60");
      await("normal");
      assertEquals(200, ask().statusCode());
      going.set(false);
      for (var answers : answered) {
        answers.get().forEach(GuardedServingTest::requireAnswer);
      }
    }
    assertTrue(said().contains("paused: the core of Fake V100"), said());
    assertTrue(said().contains("is well again."), said());
    assertTrue(gpu.log().stream().anyMatch(line -> line.startsWith("lock")), "clocks were lowered");
    assertTrue(gpu.log().getLast().startsWith("reset"), gpu.log().toString());
  }

  private List<HttpResponse<String>> askOn(AtomicBoolean going)
      throws IOException, InterruptedException {
    List<HttpResponse<String>> answers = new ArrayList<>();
    while (going.get()) {
      answers.add(ask());
    }
    return answers;
  }

  /** Whole, or an error that says why. */
  private static void requireAnswer(HttpResponse<String> answer) {
    Map<String, Object> body = json(answer);
    if (answer.statusCode() == 200) {
      Object choice = ((List<?>) body.get("choices")).getFirst();
      assertTrue(((Map<?, ?>) choice).get("finish_reason") != null, answer.body());
    } else {
      assertEquals(503, answer.statusCode(), answer.body());
      String code = (String) ((Map<?, ?>) body.get("error")).get("code");
      assertEquals("hardware_guard", code, answer.body());
    }
  }

  @Test
  void tellsTheMachineToShutDownBeforeThePlugTakesItsPower() throws Exception {
    Path told = folder.resolve("told");
    try (FakeShelly plug = new FakeShelly()) {
      start(
          Map.of(
              "guard.cut_seconds",
              "0",
              "plug",
              plug.words(),
              "plug.shutdown_command",
              "touch " + told));
      assertEquals(200, ask().statusCode());
      assertTrue(plug.asked().stream().noneMatch(each -> each.contains("Switch.Set\"")));
      gpu.set("core 95");
      await("cut");
      while (!said().contains("the plug goes off in 120 seconds")) {
        Thread.onSpinWait();
      }
      assertTrue(Files.exists(told));
      assertTrue(plug.asked().stream().anyMatch(each -> each.contains("toggle_after\":120")));
      assertEquals(503, ask().statusCode());
    }
  }

  @Test
  void theBoardTakesTheModulesPowerAndTheBoxKeepsItsOwn() throws Exception {
    Path told = folder.resolve("told");
    try (FakeShelly plug = new FakeShelly();
        BoardAtWork atWork = new BoardAtWork();
        LinkedBoard board = atWork.open()) {
      board.order(new Order.On());
      atWork.pass(Duration.ofSeconds(1));
      start(
          Map.of(
              "guard.cut_seconds",
              "0",
              "board",
              atWork.address(),
              "plug",
              plug.words(),
              "plug.shutdown_command",
              "touch " + told));
      assertEquals(200, ask().statusCode());
      gpu.set("core 95");
      await("cut");
      while (!said().contains("guard: the board has taken the module's power.")) {
        Thread.onSpinWait();
      }
      var status = (Said.Yes<BoardStatus>) board.status();
      assertEquals(BoardFault.EMERGENCY_STOP, status.value().fault());
      assertFalse(status.value().flags().contains(BoardStatus.Flag.EN_CORE));
      assertFalse(Files.exists(told), "the box was not told to shut down");
      assertTrue(plug.asked().stream().noneMatch(each -> each.contains("Switch.Set\"")));
      stop(); // before the board goes
    }
  }

  @Test
  void aLoadWaitsWhileItIsTooHot() throws Exception {
    gpu.set("core 86");
    start();
    await("paused");
    serving.host().load("tiny");
    boolean waits = false;
    while (!waits) {
      waits =
          serving.host().state("tiny") instanceof ModelState.Loading(String stage, double _)
              && stage.startsWith("waiting until the core of");
    }
    gpu.set("core 60");
    await("normal");
    assertEquals(200, ask().statusCode());
  }

  @Test
  void loadsNothingOnACardThatNothingHolds() throws Exception {
    gpu.set("no nvmlDeviceGetPowerManagementLimit").set("slip 1");
    start();
    HttpResponse<String> refused = ask();
    assertEquals(503, refused.statusCode());
    assertTrue(refused.body().contains("and it runs at"), refused.body());
    assertTrue(said().contains("power: "), said());
  }

  private String said() {
    return said.toString(StandardCharsets.UTF_8);
  }
}
