package io.solebox.engine.host;

import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** Which models of a host are how far, and who uses them or waits for them. */
final class HostTable {
  /** How long a waiter does not look whether it is still wanted. */
  private static final Duration LOOK = Duration.ofMillis(50);

  /**
   * What one who waits for a model has seen of it.
   *
   * @param stops loads of it that were given up before
   */
  record Seen(ModelState state, int stops) {}

  private final Residents residents;
  private final Deque<Hosted> queue = new ArrayDeque<>(); // guarded by residents
  private long uses; // guarded by residents

  HostTable(Residents residents) {
    this.residents = residents;
  }

  ModelState state(String name) {
    synchronized (residents) {
      return residents.model(name).state();
    }
  }

  /**
   * What there is to tell of a model.
   *
   * @param adapters passed on
   */
  ModelHost.Status status(String name, List<String> adapters) {
    synchronized (residents) {
      Hosted model = residents.model(name);
      return new ModelHost.Status(
          name, model.state(), adapters, model.isPinned(), model.remaining(), model.history());
    }
  }

  void pin(String name) {
    synchronized (residents) {
      residents.model(name).pin();
    }
  }

  /** Has no effect on a model that is not there. */
  void keepAlive(String name, KeepAlive time) {
    synchronized (residents) {
      if (residents.model(name).state() instanceof ModelState.Ready) {
        residents.model(name).keepAlive(time);
        residents.changed();
      }
    }
  }

  /** Queues a model that is not there, for whenever there is room. */
  void preload(String name) {
    synchronized (residents) {
      if (!(residents.model(name).state() instanceof ModelState.Ready)) {
        enqueue(residents.model(name));
      }
    }
  }

  /**
   * Makes sure that a model is there or on its way; whoever finds it not ready waits for it from
   * now on, until {@link #endWait}.
   *
   * @throws SoleboxException what ended a model that others still hold
   */
  Seen begin(String name) {
    synchronized (residents) {
      want(name);
      Hosted model = residents.model(name);
      if (!(model.state() instanceof ModelState.Ready)) {
        model.awaited(1);
      }
      // Whoever comes while a load is being given up waits for the next one.
      return new Seen(model.state(), model.stops() + (model.isDismissed() ? 1 : 0));
    }
  }

  /**
   * Makes sure that a model is there or on its way, and that others may leave for it.
   *
   * @throws SoleboxException what ended a model that others still hold
   */
  void want(String name) {
    synchronized (residents) {
      requireOpen();
      Hosted model = residents.model(name);
      switch (model.state()) {
        case ModelState.Ready(var loaded, var leases) -> {
          if (loaded.failure().isPresent()) {
            if (leases > 0) {
              throw loaded.failure().get();
            }
            model.absent();
            loaded.close(); // its loop has ended, so this is quick
            enqueue(model);
          }
        }
        case ModelState.Absent _, ModelState.Failed _ -> enqueue(model);
        case ModelState.Loading _ -> {}
      }
      model.wanted();
    }
  }

  /** Waits from now on for a model that leaves, as {@link #begin} says. */
  void beginWait(String name) {
    synchronized (residents) {
      residents.model(name).awaited(1);
    }
  }

  void endWait(String name) {
    synchronized (residents) {
      residents.model(name).awaited(-1);
      residents.changed();
    }
  }

  private void enqueue(Hosted model) {
    if (!(model.state() instanceof ModelState.Loading)) {
      model.queued();
      queue.add(model);
      residents.changed();
    }
  }

  /** Empty for a model that leaves, or has left; it comes again then. */
  Optional<Lease> lease(String name) {
    synchronized (residents) {
      requireOpen();
      Hosted model = residents.model(name);
      if (model.state() instanceof ModelState.Ready ready) {
        if (model.isLeaving()) {
          return Optional.empty();
        }
        model.leased(ready, 1, ++uses);
        return Optional.of(
            new Lease(
                name,
                ready.model(),
                time -> keepAlive(model, ready, time),
                () -> giveBack(model, ready)));
      }
      enqueue(model);
      model.wanted();
      return Optional.empty();
    }
  }

  private void keepAlive(Hosted model, ModelState.Ready leased, KeepAlive time) {
    synchronized (residents) {
      if (model.state() instanceof ModelState.Ready now && now.model() == leased.model()) {
        model.keepAlive(time);
      }
    }
  }

  private void giveBack(Hosted model, ModelState.Ready leased) {
    synchronized (residents) {
      if (model.state() instanceof ModelState.Ready now && now.model() == leased.model()) {
        model.leased(now, -1, ++uses);
        if (!model.isInUse()) {
          residents.changed(); // whoever makes room waits for the last; its idle time begins
        }
      }
    }
  }

  /**
   * Waits until a model is otherwise than {@code seen}, or for a moment.
   *
   * @throws SoleboxException {@code CANCELLED} when its load was given up meanwhile
   */
  Seen awaitChange(String name, Seen seen) throws InterruptedException {
    synchronized (residents) {
      requireOpen();
      Hosted model = residents.model(name);
      if (model.state() == seen.state()) {
        residents.await(LOOK);
      }
      if (model.stops() > seen.stops()) {
        throw stopped(name);
      }
      return new Seen(model.state(), seen.stops());
    }
  }

  static SoleboxException stopped(String name) {
    return new SoleboxException(
        ErrorCode.CANCELLED,
        name,
        "Its load was given up: somebody asked to unload it.",
        "Ask again to load it.");
  }

  private void requireOpen() {
    if (residents.isClosing()) {
      throw new SoleboxException(
          ErrorCode.CLOSED, "", "Solebox is stopping.", "Ask again when it is running.");
    }
  }

  /** The next to load, when there is one; empty to end. */
  Optional<String> take() throws InterruptedException {
    synchronized (residents) {
      while (queue.isEmpty() && !residents.isClosing()) {
        residents.await(Optional.empty());
      }
      if (residents.isClosing()) {
        return Optional.empty();
      }
      Hosted next = queue.remove();
      next.begun();
      return Optional.of(next.name());
    }
  }

  void loading(String name, String stage, double fraction) {
    synchronized (residents) {
      residents.model(name).loading(stage, fraction);
      residents.changed();
    }
  }

  void ready(String name, LoadedModel loaded) {
    synchronized (residents) {
      residents.model(name).ready(loaded, ++uses);
      residents.changed();
    }
  }

  void failed(String name, SoleboxException error) {
    synchronized (residents) {
      residents.model(name).failed(error);
      residents.changed();
    }
  }

  /** Gives up the load of a model that only waits for its turn; whether it did. */
  boolean withdraw(String name) {
    synchronized (residents) {
      Hosted model = residents.model(name);
      boolean waits = queue.remove(model);
      if (waits) {
        model.stopped();
        residents.changed();
      }
      return waits;
    }
  }
}
