package io.solebox.engine.host;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.Departures.Leaver;
import java.util.Optional;

/** The one thread that unloads models for which nobody makes room. */
final class Unloader {
  private final LoadWatcher watcher;
  private final Departures departures;
  private final Thread thread =
      Thread.ofPlatform().name("model-unloader").daemon().unstarted(this::run);

  Unloader(LoadWatcher watcher, Departures departures) {
    this.watcher = watcher;
    this.departures = departures;
  }

  void start() {
    thread.start();
  }

  private void run() {
    try {
      for (Optional<Leaver> next = departures.takeDue();
          next.isPresent();
          next = departures.takeDue()) {
        unload(next.get());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void unload(Leaver leaver) {
    String name = leaver.name();
    try {
      leaver.model().close();
      if (leaver.dismissed()) {
        watcher.dismissed(name);
      } else {
        watcher.expired(name);
      }
    } catch (RuntimeException e) {
      watcher.failed(name, broken(name, e));
    } finally {
      departures.left(name); // who waits for that finds it told
    }
  }

  private static SoleboxException broken(String name, RuntimeException cause) {
    return new SoleboxException(
        ErrorCode.INTERNAL_ERROR,
        name,
        "Unloading the model failed: " + cause,
        "Please report this.",
        cause);
  }

  /** Waits until it has closed what it took out; the residents say that it should end. */
  void join() {
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
}
