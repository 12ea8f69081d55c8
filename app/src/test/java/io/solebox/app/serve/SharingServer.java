package io.solebox.app.serve;

import io.solebox.engine.api.Engine;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.LoadGate;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import io.solebox.server.tls.TlsConfig;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** A server that shares a store, and answers nothing else. */
public final class SharingServer implements AutoCloseable {
  private final Engine engine = Engine.open("cpu", 1);
  private final ModelHost host =
      new ModelHost(engine, Catalog.of(List.of()), LoadGate.OPEN, new LoadWatcher() {});
  private final SoleboxServer server;

  /**
   * @param home where the store is
   * @param keys a file of keys, where the server is to take any
   */
  public SharingServer(Path home, Optional<Path> keys) {
    this(home, keys, config -> config);
  }

  /** One that encrypts, with an authority of its own in a folder. */
  public static SharingServer encrypted(Path home, Path tls, Optional<Path> keys) {
    return new SharingServer(
        home, keys, config -> config.withTls(TlsConfig.of(new TlsConfig.Certificate.Own(tls))));
  }

  private SharingServer(Path home, Optional<Path> keys, UnaryOperator<ServerConfig> more) {
    var config =
        ServerConfig.defaults()
            .withPort(0)
            .withShared(new SharedStore(ModelStore.open(home.resolve("store"))));
    server = SoleboxServer.start(more.apply(keys.map(config::withApiKeyFile).orElse(config)), host);
  }

  /** As in {@code 127.0.0.1:40001}. */
  public String address() {
    return "127.0.0.1:" + server.port();
  }

  @Override
  public void close() {
    server.close();
    host.close();
    engine.close();
  }
}
