package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Catalog;
import io.solebox.engine.host.ModelHost;
import io.solebox.server.SoleboxServer;
import io.solebox.server.library.ModelLibrary;
import io.solebox.store.cleanup.Cleanup;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/** The store behind a server: what it offers of it, and what its clients change. */
final class ServedStore implements AutoCloseable {
  private final ModelStore store;
  private final LiveCatalog catalog;
  private final LoadOptions options;
  private final ServerPulls.Settings pulls;
  private final Environment environment;
  private final ServedCleanup cleanup;

  /**
   * @param started what the server offers besides
   * @param options of models of the store
   * @param environment with the folders of the store, of the catalogue, and of what is only tried
   */
  ServedStore(
      Catalog started,
      LoadOptions options,
      Console console,
      ServerPulls.Settings pulls,
      Environment environment) {
    Path folder = environment.storeFolder();
    this.store = ModelStore.open(folder);
    this.catalog = new LiveCatalog(started, store, options, console);
    this.options = options;
    this.pulls = pulls;
    this.cleanup = new ServedCleanup(new Cleanup(store, folder), console, InstantSource.system());
    this.environment = environment;
  }

  Catalog catalog() {
    return catalog;
  }

  /**
   * @param engine that says whether models would fit
   */
  ModelLibrary library(Engine engine) {
    var fit = new FitHere(engine, options, environment.scratchFolder());
    return new StoreLibrary(
        store,
        catalog,
        new ServerPulls(store, pulls, fit),
        cleanup,
        new Suggestions(engine, options, environment));
  }

  /**
   * From now on models leave the host's memory whose names stand for something else, and models
   * leave the store by the owner's rule; until this is closed.
   *
   * @param server whose audit log hears of these
   */
  void start(ModelHost host, SoleboxServer server) {
    catalog.onReplaced(name -> Thread.ofVirtual().start(() -> unload(host, name)));
    cleanup.start(
        removed ->
            server.tell(
                "model.cleanup",
                removed.name().toString(),
                Map.of(
                    "reason", removed.reason().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                    "bytes", Long.toString(removed.bytes()))));
  }

  @Override
  public void close() {
    cleanup.close();
  }

  private static void unload(ModelHost host, String name) {
    try {
      host.unload(name, new Nobody()); // it leaves when its answers have ended
    } catch (SoleboxException e) {
      if (e.code() != ErrorCode.MODEL_NOT_FOUND) {
        throw e; // a name that is gone; it stays until another needs its memory
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Waits for nothing. */
  private static final class Nobody implements Progress {
    @Override
    public void report(String stage, double fraction) {}

    @Override
    public boolean cancelled() {
      return true;
    }
  }
}
