package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.KeepAlive;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.hardware.settings.HardwareSettings;
import io.solebox.server.ServerConfig;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.Whereabouts;
import io.solebox.store.pull.http.Network;
import io.solebox.store.pull.source.HubSettings;
import io.solebox.store.pull.transfer.TransferOptions;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A server over a store of its own, as {@code serve} starts it. */
final class StoreServer implements AutoCloseable {
  static final String STARTED = "started";

  final ByteArrayOutputStream said = new ByteArrayOutputStream();
  final ModelStore store;
  private final Serving serving;
  private final HttpClient client = HttpClient.newHttpClient();

  /**
   * @param home where the store is
   * @param model that the server is started with
   */
  StoreServer(Path home, Path model, Network network) {
    Path folder = home.resolve("store");
    LoadOptions options = LoadOptions.defaults().withParallel(1);
    var pulls =
        new ServerPulls.Settings(
            network,
            TransferOptions.USUAL,
            () -> HubSettings.of(Map.of(), home),
            Whereabouts.NOWHERE);
    var console = new Console(new ByteArrayInputStream(new byte[0]), said, said, "", false);
    Catalog started = Catalog.of(List.of(new Catalog.Offer(STARTED, model, options)));
    var stored = new ServedStore(started, options, console, pulls, environment(home));
    serving =
        Serving.start(
            ServerConfig.defaults()
                .withPort(0)
                .withStateFile(home.resolve("server").resolve("server.db")),
            Engine.open("cpu", 2),
            new HardwareCare(
                GuardOptions.Wish.OFF, HardwareSettings.DEFAULTS, "", Attached.NOTHING, console),
            new Serving.Offered(started, Optional.of(stored)),
            new LoadWatcher() {},
            KeepAlive.WHILE_THERE_IS_ROOM);
    store = ModelStore.open(folder); // as another process has it
  }

  private static Environment environment(Path home) {
    String folder = home.toString();
    return new Environment(
        Map.of("SOLEBOX_HOME", folder, "TMPDIR", folder), home, Optional.empty());
  }

  /** What a request came to. */
  record Answer(int status, String text) {
    Map<String, Object> json() {
      return read(text);
    }

    List<Map<String, Object>> lines() {
      return text.lines().map(Answer::read).toList();
    }

    private static Map<String, Object> read(String json) {
      return new JsonReader(JsonLimits.LOCAL).readObject(json.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What a line of server-sent events says. */
  static Map<String, Object> event(String line) {
    return Answer.read(line.substring("data: ".length()));
  }

  HttpRequest request(String method, String path, String body) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serving.server().port() + path))
        .header("Content-Type", "application/json")
        .method(method, HttpRequest.BodyPublishers.ofString(body))
        .build();
  }

  HttpClient client() {
    return client;
  }

  Answer send(String method, String path, String body) throws IOException, InterruptedException {
    var answer = client.send(request(method, path, body), HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  /** Sends a file as Ollama's clients do, in chunks. */
  Answer sendFile(String path, byte[] file) throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + serving.server().port() + path))
            .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(file)))
            .build();
    var answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    return new Answer(answer.statusCode(), answer.body());
  }

  Answer post(String path, String body) throws IOException, InterruptedException {
    return send("POST", path, body);
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send("GET", path, "");
  }

  /** Names of models, as Ollama's clients see them. */
  List<String> tags() throws IOException, InterruptedException {
    return ((List<?>) get("/api/tags").json().get("models"))
        .stream().map(card -> (String) ((Map<?, ?>) card).get("name")).toList();
  }

  @Override
  public void close() {
    client.close();
    serving.close();
  }
}
