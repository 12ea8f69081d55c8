package io.solebox.app.bench;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.api.OpenDevice;
import io.solebox.engine.api.Placement;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.Lease;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The server as {@code serve} starts it, on a free port of this machine, with a model whose steps
 * take as long as a {@link StepClock} says and nothing else.
 */
final class ScriptedServer implements AutoCloseable {
  static final String MODEL = "script";

  /** In the text of every token of the script, once. */
  static final String MARK = "piece";

  /** Of the tiny shape's vocabulary: numbered words, far behind bytes and letters. */
  private static final int FIRST_ID = 400;

  private static final int IDS = 100;

  /** More than anything takes that takes nothing. */
  private static final long MEMORY_BYTES = 1L << 40;

  private final StepClock clock = new StepClock();
  private final Path file;
  private final Engine engine;
  private final ModelHost host;
  private final Lease lease;
  private final SoleboxServer server;

  /**
   * @param parallel sequences at once
   */
  ScriptedServer(int parallel) throws IOException, InterruptedException {
    List<Integer> script = IntStream.range(FIRST_ID, FIRST_ID + IDS).boxed().toList();
    var device =
        new OpenDevice(
            MODEL, new ScriptedBackend(script, clock), new MemoryLedger(MODEL, MEMORY_BYTES));
    file = Files.createTempFile("solebox-script", ".gguf");
    SynthFile.write(SynthModel.of("tiny", "Q8_0"), 1, file);
    engine = Engine.of(MODEL, List.of(device), (graph, _) -> Placement.whole(graph, device));
    LoadOptions options = LoadOptions.defaults().withParallel(parallel);
    Catalog catalog = Catalog.of(List.of(new Catalog.Offer(MODEL, file, options)));
    host = new ModelHost(engine, catalog, LoadGate.OPEN, new LoadWatcher() {});
    lease = host.use(MODEL, Progress.none());
    // Every client may come again before its last answer has left the scheduler.
    ServerConfig config = ServerConfig.defaults().withPort(0).withMaxWaiting(parallel);
    server = SoleboxServer.start(config, host);
  }

  StepClock clock() {
    return clock;
  }

  /** The engine alone. */
  LoadedModel model() {
    return lease.model();
  }

  int port() {
    return server.port();
  }

  @Override
  public void close() throws IOException {
    server.close();
    lease.close();
    host.close();
    engine.close();
    Files.delete(file);
  }
}
