package io.solebox.engine.host;

import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadableModel;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelInfo;
import java.util.Optional;

/** The one thread that loads, so that models do not fight for the disk. */
final class Loader {
  private final Engine engine;
  private final Catalog catalog;
  private final LoadGate gate;
  private final LoadWatcher watcher;
  private final Residents residents;
  private final HostTable table;
  private final Departures departures;
  private final Thread thread = Thread.ofPlatform().name("model-loader").unstarted(this::run);
  private boolean atGate; // guarded by this

  Loader(
      Engine engine,
      Catalog catalog,
      LoadGate gate,
      LoadWatcher watcher,
      Residents residents,
      HostTable table,
      Departures departures) {
    this.engine = engine;
    this.catalog = catalog;
    this.gate = gate;
    this.watcher = watcher;
    this.residents = residents;
    this.table = table;
    this.departures = departures;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (Optional<String> next = table.take(); next.isPresent(); next = table.take()) {
        loadOrFail(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void loadOrFail(String name) throws InterruptedException {
    try {
      LoadedModel loaded = load(name, new LoadProgress(name, watcher.loading(name)));
      watcher.ready(name, loaded); // before anybody can use it
      table.ready(name, loaded);
    } catch (SoleboxException e) {
      fail(name, e);
    } catch (RuntimeException | Error e) {
      fail(
          name,
          new SoleboxException(
              ErrorCode.INTERNAL_ERROR,
              name,
              "Loading the model failed: " + e,
              "Please report this.",
              e));
    }
  }

  private LoadedModel load(String name, Progress progress) throws InterruptedException {
    Catalog.Offer offer = catalog.find(name).orElseThrow(() -> ModelHost.unknown(name, catalog));
    try (LoadableModel model = engine.examine(offer.file(), offer.options())) {
      admit(offer, model.info(), model.estimate(), progress);
      makeRoom(name, model);
      return model.load(progress);
    }
  }

  private void makeRoom(String name, LoadableModel model) throws InterruptedException {
    try (Departures.Hold _ = departures.hold()) {
      departures
          .makeRoom(name, model.estimate())
          .forEach(
              (other, loaded) -> {
                loaded.close();
                departures.left(other);
                watcher.unloaded(other, name);
              });
    }
  }

  private void admit(Catalog.Offer offer, ModelInfo info, LoadEstimate estimate, Progress progress)
      throws InterruptedException {
    atGate(true);
    try {
      gate.admit(offer, info, estimate, progress);
    } finally {
      atGate(false);
    }
  }

  private synchronized void atGate(boolean value) throws InterruptedException {
    atGate = value;
    if (!value && Thread.interrupted()) {
      throw new InterruptedException(); // no file is read by a thread that is interrupted
    }
  }

  private void fail(String name, SoleboxException error) {
    if (departures.isDismissed(name) && error.code() == ErrorCode.CANCELLED) {
      watcher.abandoned(name);
      departures.stopped(name);
      return;
    }
    if (!residents.isClosing()) {
      watcher.failed(name, error);
    }
    table.failed(name, error);
  }

  /** Ends a gate's wait, and waits for a running load to end; the table says that it should. */
  void stop() {
    synchronized (this) {
      if (atGate) {
        thread.interrupt();
      }
    }
    join();
  }

  private void join() {
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Tells the waiters, who look at the table, and the watcher. */
  private final class LoadProgress implements Progress {
    private final String name;
    private final Progress watched;

    LoadProgress(String name, Progress watched) {
      this.name = name;
      this.watched = watched;
    }

    @Override
    public void report(String stage, double fraction) {
      table.loading(name, stage, fraction);
      watched.report(stage, fraction);
    }

    @Override
    public boolean cancelled() {
      return residents.isClosing() || departures.isDismissed(name) || watched.cancelled();
    }
  }
}
