package io.solebox.engine.host;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.HostTable.Seen;
import io.solebox.engine.memory.MemoryLedger;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.model.adapter.AdapterOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Owns the models of an engine: loads them when somebody wants them, one at a time, keeps them
 * while they are in use, and unloads those that were not used for the longest time when another
 * needs their memory; if it must, it waits for running answers before. Models that nobody has used
 * for as long as they were to stay leave by themselves. Safe for many threads.
 */
public final class ModelHost implements AutoCloseable {
  /**
   * A model and how far it is.
   *
   * @param adapters by the names under which requests choose them
   * @param pinned whether it stays, whoever needs its memory
   * @param idleLeft how long it stays from now on if nobody uses it; empty where it is not there,
   *     or stays while there is room
   */
  public record Status(
      String name,
      ModelState state,
      List<String> adapters,
      boolean pinned,
      Optional<Duration> idleLeft,
      LoadHistory history) {}

  private final Engine engine;
  private final Catalog catalog;
  private final LoadWatcher watcher;
  private final Residents residents;
  private final HostTable table;
  private final Departures departures;
  private final Loader loader;
  private final Unloader unloader;
  private final Prospects prospects;
  private final Headers headers = new Headers();

  /** A host whose models stay while there is room. */
  public ModelHost(Engine engine, Catalog catalog, LoadGate gate, LoadWatcher watcher) {
    this(engine, catalog, gate, watcher, KeepAlive.WHILE_THERE_IS_ROOM);
  }

  /**
   * Starts a host that has nothing loaded yet.
   *
   * @param engine stays the caller's, to be closed after the host
   * @param keepAlive how long a model stays that nobody uses, until somebody says otherwise
   */
  public ModelHost(
      Engine engine, Catalog catalog, LoadGate gate, LoadWatcher watcher, KeepAlive keepAlive) {
    this.engine = engine;
    this.catalog = catalog;
    this.watcher = watcher;
    residents = new Residents(keepAlive);
    prospects = new Prospects(engine, residents);
    table = new HostTable(residents);
    departures = new Departures(residents);
    loader = new Loader(engine, catalog, gate, watcher, residents, table, departures);
    unloader = new Unloader(watcher, departures);
    loader.start();
    unloader.start();
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
    Seen seen = table.begin(name);
    if (seen.state() instanceof ModelState.Ready) {
      Optional<Lease> lease = table.lease(name);
      if (lease.isPresent()) {
        return lease.get();
      }
      table.beginWait(name);
    }
    try {
      return await(name, seen, progress);
    } finally {
      table.endWait(name);
    }
  }

  private Lease await(String name, Seen begun, Progress progress) throws InterruptedException {
    Seen seen = begun;
    while (true) {
      switch (seen.state()) {
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
          progress.report("waiting", 0); // it leaves when its answers have ended, and comes again
          requireWanted(name, progress);
        }
      }
      seen = table.awaitChange(name, seen);
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

  /**
   * Loads a model for which others may have to leave, as a request for it would; returns at once.
   *
   * @throws SoleboxException as {@link #use}
   */
  public void load(String name) {
    require(name);
    table.want(name);
  }

  /**
   * Unloads all models at once: answers that still run fail with {@code why}, and loads that run
   * are given up. Who names a model afterwards has it loaded again, if the gate lets it.
   *
   * @return the names of those that were there
   */
  public List<String> evacuate(SoleboxException why) {
    Map<String, LoadedModel> leaving = departures.takeAway();
    leaving.forEach(
        (name, model) -> {
          try {
            model.end(why);
          } finally {
            departures.left(name);
          }
          watcher.evacuated(name, why);
        });
    return List.copyOf(leaving.keySet());
  }

  /**
   * Unloads a model when its running answers have ended, and begins no others with it before; a
   * load of it that runs is given up. The next request loads it again.
   *
   * @param progress when it says that nobody waits any more this returns, and the unload goes on
   * @return whether the model is away, and its memory free
   */
  public boolean unload(String name, Progress progress) throws InterruptedException {
    require(name);
    if (!table.withdraw(name)) {
      departures.dismiss(name);
    }
    boolean there = departures.awaitGone(name);
    while (there && !progress.cancelled()) {
      progress.report("waiting for its answers", 0);
      there = departures.awaitGone(name);
    }
    return !there;
  }

  /** As {@link Lease#keepAlive}, of a model that is loaded; else nothing. */
  public void keepAlive(String name, KeepAlive time) {
    require(name);
    table.keepAlive(name, time);
  }

  /**
   * What the head of a model's file says, whether it is loaded or not; empty where that cannot be
   * read.
   */
  public Optional<ModelHeader> header(String name) {
    return catalog.find(name).flatMap(offer -> headers.of(offer.file()));
  }

  /**
   * What it would take to load a model now; empty where it could not be loaded at all.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}
   */
  public Optional<Prospect> prospect(String name) {
    return prospects.of(catalog.find(name).orElseThrow(() -> unknown(name, catalog)));
  }

  /** From now on the model never leaves for another, and not because nobody uses it. */
  public void pin(String name) {
    require(name);
    table.pin(name);
  }

  /** All models, in the catalog's order. */
  public List<Status> status() {
    return catalog.names().stream().map(name -> table.status(name, adapters(name))).toList();
  }

  /**
   * Waits until a model has changed its state since {@code seen}, or for {@code limit}.
   *
   * @param seen what this returned before; anything else returns at once
   */
  public long awaitChange(long seen, Duration limit) throws InterruptedException {
    return residents.awaitChange(seen, limit);
  }

  /** As {@link Engine#memory()}. */
  public List<MemoryLedger> memory() {
    return engine.memory();
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
    residents.stop();
  }

  /** Ends loading and closes the models: answers that still run fail with {@code CLOSED}. */
  @Override
  public void close() {
    residents.stop();
    loader.stop();
    unloader.join();
    departures.takeAll().forEach(LoadedModel::close);
  }
}
