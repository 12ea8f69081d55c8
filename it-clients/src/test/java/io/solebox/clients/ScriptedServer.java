package io.solebox.clients;

import io.solebox.engine.api.Decoding;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.WatchedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.backend.Yardstick;
import io.solebox.engine.generation.Pooling;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelInfo;
import io.solebox.engine.source.ModelSource;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;

/** A running server with a model that calls tools, one that makes vectors, and the embedded one. */
final class ScriptedServer implements AutoCloseable {
  static final String MODEL = "scripted";
  static final String VECTORS = "vectors";

  /** What the models are told apart by: their file is the same. */
  private static final int VECTORS_PARALLEL = 2;

  private static final int GUIDE_PARALLEL = 3;
  private static final Path GUIDE = Path.of("..", "models", "guide", "solebox-guide.gguf");

  private final Engine engine = Engine.open("cpu", 2);
  private final ModelHost host;
  private final SoleboxServer server;

  ScriptedServer() {
    this(config -> config);
  }

  /**
   * @param change of what it would be otherwise
   */
  ScriptedServer(UnaryOperator<ServerConfig> change) {
    LoadOptions options = LoadOptions.defaults();
    Catalog catalog =
        Catalog.of(
            List.of(
                new Catalog.Offer(MODEL, GUIDE, options),
                new Catalog.Offer(VECTORS, GUIDE, options.withParallel(VECTORS_PARALLEL)),
                new Catalog.Offer(GuideServer.MODEL, GUIDE, options.withParallel(GUIDE_PARALLEL))));
    host = new ModelHost(new Scripts(engine), catalog, LoadGate.OPEN, new LoadWatcher() {});
    ServerConfig config =
        ServerConfig.defaults()
            .withPort(0)
            .withStateFile(StateFolder.make().resolve("server.db"))
            .withMemorySpeed(() -> OptionalDouble.of(1e10));
    server = SoleboxServer.start(change.apply(config), host);
  }

  /** As a browser wants it: {@code http://127.0.0.1:PORT}. */
  String url() {
    return "http://127.0.0.1:" + server.port();
  }

  /** With which the first account is made, where people are to have accounts. */
  String setUpCode() {
    return server.setUpCode().orElseThrow().code();
  }

  /** As clients want it: {@code http://127.0.0.1:PORT/v1}. */
  String baseUrl() {
    return url() + "/v1";
  }

  @Override
  public void close() {
    server.close();
    host.close();
    engine.close();
  }

  /** An engine whose models follow a script. */
  private record Scripts(Engine engine) implements Engine {
    @Override
    public LoadableModel examine(Path file, LoadOptions options) {
      LoadableModel model = engine.examine(file, options);
      return switch (options.parallel()) {
        case GUIDE_PARALLEL -> model;
        case VECTORS_PARALLEL -> new Scripted(model, Optional.of(Pooling.MEAN));
        default -> new Scripted(model, Optional.empty());
      };
    }

    @Override
    public LoadableModel examine(ModelSource.Opener source, LoadOptions options) {
      throw new UnsupportedOperationException("models are files here");
    }

    @Override
    public String device() {
      return engine.device();
    }

    @Override
    public List<String> notes() {
      return engine.notes();
    }

    @Override
    public List<MemoryLedger> memory() {
      return engine.memory();
    }

    @Override
    public List<Yardstick> yardsticks() {
      return engine.yardsticks();
    }

    @Override
    public void close() {
      engine.close();
    }
  }

  private record Scripted(LoadableModel of, Optional<Pooling> pooling) implements LoadableModel {
    @Override
    public ModelInfo info() {
      return of.info();
    }

    @Override
    public LoadEstimate estimate() {
      return of.estimate();
    }

    @Override
    public LoadEstimate estimate(LoadOptions other) {
      return of.estimate(other);
    }

    @Override
    public Optional<Decoding> decoding() {
      return of.decoding();
    }

    @Override
    public LoadedModel load(Progress progress) {
      return new ScriptedModel(of.load(progress), pooling, new ConcurrentHashMap<>());
    }

    @Override
    public WatchedModel watch(Progress progress) {
      return of.watch(progress);
    }

    @Override
    public void close() {
      of.close();
    }
  }
}
