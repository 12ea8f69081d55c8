package io.solebox.clients;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.nio.file.Path;
import java.util.List;

/** A running server with the embedded model, on a free port of this machine. */
final class GuideServer implements AutoCloseable {
  static final String MODEL = "guide";

  private final Engine engine = Engine.open("cpu", 2);
  private final ModelHost host;
  private final Lease lease;
  private final SoleboxServer server;

  GuideServer() {
    Path gguf = Path.of("..", "models", "guide", "solebox-guide.gguf");
    LoadOptions options = LoadOptions.defaults().withParallel(8);
    Catalog catalog = Catalog.of(List.of(new Catalog.Offer(MODEL, gguf, options)));
    host = new ModelHost(engine, catalog, LoadGate.OPEN, new LoadWatcher() {});
    lease = lease();
    server =
        SoleboxServer.start(
            ServerConfig.defaults()
                .withPort(0)
                .withUsualLimits("rpm=1000000 tpm=1000000000") // to be told of, and never met
                .withStateFile(StateFolder.make().resolve("server.db")),
            host);
  }

  private Lease lease() {
    try {
      return host.use(MODEL, Progress.none());
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  LoadedModel model() {
    return lease.model();
  }

  /** As clients want it: {@code http://127.0.0.1:PORT/v1}. */
  String baseUrl() {
    return "http://127.0.0.1:" + server.port() + "/v1";
  }

  @Override
  public void close() {
    server.close();
    lease.close();
    host.close();
    engine.close();
  }
}
