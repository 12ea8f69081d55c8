package io.solebox.engine.host;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.util.List;
import java.util.Optional;

/**
 * Owns the models of an engine: loads them when somebody wants them, one at a time, keeps them
 * while they are in use, and unloads those that were not used for the longest time when another
 * needs their memory; if it must, it waits for running answers before. Safe for many threads.
 */
public final class ModelHost implements AutoCloseable {
  /**
   * A model and how far it is.
   *
   * @param adapters by the names under which requests choose them
   */
  public record Status(String name, ModelState state, List<String> adapters) {}

  private final Catalog catalog;
  private final HostTable table = new HostTable();
  private final Loader loader;

  /**
   * Starts a host that has nothing loaded yet.
   *
   * @param engine stays the caller's, to be closed after the host
   */
  public ModelHost(Engine engine, Catalog catalog, LoadGate gate, LoadWatcher watcher) {
    this.catalog = catalog;
    this.loader = new Loader(engine, catalog, gate, watcher, table);
    loader.start();
  }

  /**
   * A model to answer with; loads it first where it is not there.
   *
   * @param progress hears how far the load is, on the caller's thread; when it says that nobody
   *     waits any more this throws {@code CANCELLED}, and the load goes on
   * @throws SoleboxException {@code MODEL_NOT_FOUND} with the names that there are; whatever
   *     loading threw; {@code CLOSED} when the host is
   */
  public Lease use(String name, Progress progress) throws InterruptedException {
    require(name);
    ModelState state = table.begin(name);
    if (state instanceof ModelState.Ready) {
      Optional<Lease> lease = table.lease(name);
      if (lease.isPresent()) {
        return lease.get();
      }
      table.beginWait(name);
    }
    try {
      return await(name, state, progress);
    } finally {
      table.endWait(name);
    }
  }

  private Lease await(String name, ModelState begun, Progress progress)
      throws InterruptedException {
    ModelState state = begun;
    while (true) {
      switch (state) {
        case ModelState.Failed(var error) -> throw error;
        case ModelState.Loading(var stage, var fraction) -> {
          progress.report(stage, fraction);
          requireWanted(name, progress);
        }
        case ModelState.Absent _, ModelState.Ready _ -> {
          Optional<Lease> lease = table.lease(name);
          if (lease.isPresent()) {
            return lease.get();
          }
        }
      }
      state = table.awaitChange(name, state);
    }
  }

  private static void requireWanted(String name, Progress progress) {
    if (progress.cancelled()) {
      throw new SoleboxException(
          ErrorCode.CANCELLED,
          name,
          "Nobody waits for the model any more.",
          "It is being loaded nevertheless; ask for it again.");
    }
  }

  private void require(String name) {
    if (catalog.find(name).isEmpty()) {
      throw unknown(name, catalog);
    }
  }

  static SoleboxException unknown(String name, Catalog catalog) {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        name,
        "There is no model of this name.",
        catalog.names().isEmpty()
            ? "There are no models at all yet."
            : "There are: " + String.join(", ", catalog.names()) + ".");
  }

  /** Loads a model if there is room for it, without sending others away; returns at once. */
  public void preload(String name) {
    require(name);
    table.preload(name);
  }

  /** From now on the model never leaves for another. */
  public void pin(String name) {
    require(name);
    table.pin(name);
  }

  /** All models, in the catalog's order. */
  public List<Status> status() {
    return catalog.names().stream()
        .map(name -> new Status(name, table.state(name), adapters(name)))
        .toList();
  }

  private List<String> adapters(String name) {
    return catalog
        .find(name)
        .map(offer -> offer.options().adapters().stream().map(AdapterOptions::name).toList())
        .orElse(List.of());
  }

  /** How far a model is. */
  public ModelState state(String name) {
    return table.state(name);
  }

  /** Makes a running load stop soon, and refuses new ones; what is leased goes on answering. */
  public void stopLoading() {
    table.stop();
  }

  /** Ends loading and closes the models: answers that still run fail with {@code CLOSED}. */
  @Override
  public void close() {
    table.stop();
    loader.stop();
    table.takeAll().forEach(LoadedModel::close);
  }
}
