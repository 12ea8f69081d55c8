package io.solebox.app.serve;

import io.solebox.engine.api.Engine;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.KeepAlive;
import io.solebox.engine.host.LoadWatcher;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.ServerConfig;
import io.solebox.server.SoleboxServer;
import java.util.Optional;

/** A server that runs, with all that it needs, which ends with it. */
record Serving(
    SoleboxServer server,
    ModelHost host,
    LeasedLoads leases,
    Optional<ServedStore> stored,
    HardwareCare care,
    Engine device)
    implements AutoCloseable {

  /**
   * What a server offers.
   *
   * @param started models that it has whatever the store has
   * @param stored those of the store; empty where it offers none of it
   */
  record Offered(Catalog started, Optional<ServedStore> stored) {
    Catalog catalog() {
      return stored.map(ServedStore::catalog).orElse(started);
    }
  }

  /**
   * Starts to listen; nothing is loaded yet.
   *
   * @param device is the server's from now on, also where it does not start
   * @param care of the hardware, likewise
   */
  static Serving start(
      ServerConfig config,
      Engine device,
      HardwareCare care,
      Offered offered,
      LoadWatcher watcher,
      KeepAlive keepAlive) {
    Catalog catalog = offered.catalog();
    var leases = new LeasedLoads(watcher, catalog);
    care.begin(device);
    var host = new ModelHost(device, catalog, care, leases, keepAlive);
    care.guard(host);
    try {
      SoleboxServer server =
          offered
              .stored()
              .map(stored -> SoleboxServer.start(config, host, stored.library(device)))
              .orElseGet(() -> SoleboxServer.start(config, host));
      offered.stored().ifPresent(stored -> stored.start(host, server));
      return new Serving(server, host, leases, offered.stored(), care, device);
    } catch (RuntimeException e) {
      care.close();
      host.close();
      device.close();
      throw e;
    }
  }

  @Override
  public void close() {
    stored.ifPresent(ServedStore::close);
    server.close();
    care.close();
    host.close();
    leases.close();
    device.close();
  }
}
