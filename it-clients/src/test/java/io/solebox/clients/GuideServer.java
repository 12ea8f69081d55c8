package io.solebox.clients;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.server.ModelRegistry;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.nio.file.Path;

/** A running server with the embedded model, on a free port of this machine. */
final class GuideServer implements AutoCloseable {
  static final String MODEL = "guide";

  private final Engine engine = Engine.open("cpu", 2);
  private final LoadedModel model;
  private final SoleboxServer server;

  GuideServer() {
    Path gguf = Path.of("..", "models", "guide", "solebox-guide.gguf");
    model = engine.load(gguf, LoadOptions.defaults().withParallel(8), Progress.none());
    var models = new ModelRegistry();
    models.ready(MODEL, model);
    server = SoleboxServer.start(ServerConfig.defaults().withPort(0), models);
  }

  LoadedModel model() {
    return model;
  }

  /** As clients want it: {@code http://127.0.0.1:PORT/v1}. */
  String baseUrl() {
    return "http://127.0.0.1:" + server.port() + "/v1";
  }

  @Override
  public void close() {
    server.close();
    model.close();
    engine.close();
  }
}
