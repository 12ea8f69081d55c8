package io.solebox.server;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.library.ModelLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A server with an {@link EchoModel} named {@code echo}. */
final class TestServer implements AutoCloseable {
  final EchoModel model = new EchoModel(true);
  final EchoEngine engine = new EchoEngine();
  final ModelHost host = new ModelHost(engine, engine, LoadGate.OPEN, new LoadWatcher() {});
  final SoleboxServer server;

  TestServer() {
    this(ServerConfig.defaults());
  }

  TestServer(ServerConfig config) {
    ready("echo", model);
    server = SoleboxServer.start(config.withPort(0), host);
  }

  /** One that fetches models. */
  TestServer(ServerConfig config, ModelLibrary library) {
    ready("echo", model);
    server = SoleboxServer.start(config.withPort(0), host, library);
  }

  /** Adds a model and loads it. */
  void ready(String name, EchoModel other) {
    engine.add(name, _ -> other);
    try {
      host.use(name, Progress.none()).close();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A host without models. */
  static ModelHost nothing() {
    EchoEngine empty = new EchoEngine();
    return new ModelHost(empty, empty, LoadGate.OPEN, new LoadWatcher() {});
  }

  RawClient client() throws IOException {
    return client(0);
  }

  /**
   * @param receiveBuffer bytes that the client's system takes before the server has to wait; 0 is
   *     as usual
   */
  RawClient client(int receiveBuffer) throws IOException {
    return server.tls().isPresent()
        ? TlsClient.connect(server, receiveBuffer)
        : new RawClient(server.port(), receiveBuffer);
  }

  /** One request on a connection of its own. */
  RawClient.Answer call(String method, String path, String body, String... headers)
      throws IOException {
    try (RawClient client = client()) {
      client.request(method, path, body.getBytes(StandardCharsets.UTF_8), headers);
      return client.receive();
    }
  }

  RawClient.Answer get(String path, String... headers) throws IOException {
    return call("GET", path, "", headers);
  }

  RawClient.Answer post(String path, String body, String... headers) throws IOException {
    return call("POST", path, body, headers);
  }

  /** A chat of one user message; {@code more} are members with a leading comma. */
  static String chat(String text, String more) {
    return "{\"model\":\"echo\",\"messages\":[{\"role\":\"user\",\"content\":\"%s\"}]%s}"
        .formatted(text, more);
  }

  RawClient.Answer postChat(String text, String more) throws IOException {
    return post("/v1/chat/completions", chat(text, more));
  }

  RawClient.Answer postCompletion(String prompt, String more) throws IOException {
    return post(
        "/v1/completions", "{\"model\":\"echo\",\"prompt\":\"%s\"%s}".formatted(prompt, more));
  }

  static Object at(Map<String, Object> json, String path) {
    return RawClient.at(json, path);
  }

  @Override
  public void close() {
    server.close();
    host.close();
  }
}
