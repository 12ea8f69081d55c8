package io.solebox.engine.host;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which models of a host are how far, and who uses them: all that its threads share. */
final class HostTable {
  /** How long a waiter does not look whether it is still wanted. */
  private static final long LOOK_MILLIS = 50;

  /** How long a model stays for those who waited for it, when another needs its memory. */
  private static final long STAY_MILLIS = 1000;

  private final Map<String, Hosted> models = new HashMap<>();
  private final Deque<Hosted> queue = new ArrayDeque<>();
  private boolean closing;
  private long uses;

  synchronized boolean isClosing() {
    return closing;
  }

  /** From now on nothing is loaded or leased any more. */
  synchronized void stop() {
    closing = true;
    notifyAll();
  }

  synchronized ModelState state(String name) {
    return Optional.ofNullable(models.get(name))
        .map(Hosted::state)
        .orElseGet(ModelState.Absent::new);
  }

  private Hosted model(String name) {
    return models.computeIfAbsent(name, Hosted::new);
  }

  synchronized void pin(String name) {
    model(name).pin();
  }

  /** Queues a model that is not there, for whenever there is room. */
  synchronized void preload(String name) {
    if (!(model(name).state() instanceof ModelState.Ready)) {
      enqueue(model(name));
    }
  }

  /**
   * Makes sure that a model is there or on its way; whoever finds it not ready waits for it from
   * now on, until {@link #endWait}.
   *
   * @throws SoleboxException what ended a model that others still hold
   */
  synchronized ModelState begin(String name) {
    requireOpen();
    Hosted model = model(name);
    model.wanted();
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
    if (!(model.state() instanceof ModelState.Ready)) {
      model.awaited(1);
    }
    return model.state();
  }

  /** Waits from now on for a model that leaves, as {@link #begin} says. */
  synchronized void beginWait(String name) {
    model(name).awaited(1);
  }

  synchronized void endWait(String name) {
    model(name).awaited(-1);
    notifyAll();
  }

  private void enqueue(Hosted model) {
    if (!(model.state() instanceof ModelState.Loading)) {
      model.queued();
      queue.add(model);
      notifyAll();
    }
  }

  /** Empty for a model that leaves, or has left; it comes again then. */
  synchronized Optional<Lease> lease(String name) {
    requireOpen();
    Hosted model = model(name);
    if (model.state() instanceof ModelState.Ready ready) {
      if (model.isLeaving()) {
        return Optional.empty();
      }
      model.leased(ready, 1, ++uses);
      return Optional.of(new Lease(name, ready.model(), () -> giveBack(model, ready)));
    }
    model.wanted();
    enqueue(model);
    return Optional.empty();
  }

  private synchronized void giveBack(Hosted model, ModelState.Ready leased) {
    if (model.state() instanceof ModelState.Ready now && now.model() == leased.model()) {
      model.leased(now, -1, ++uses);
      if (model.isLeaving()) {
        notifyAll(); // whoever makes room waits for the last of them
      }
    }
  }

  /** Waits until a model is otherwise than {@code seen}, or for a moment. */
  synchronized ModelState awaitChange(String name, ModelState seen) throws InterruptedException {
    requireOpen();
    if (model(name).state() == seen) {
      wait(LOOK_MILLIS);
    }
    return model(name).state();
  }

  private void requireOpen() {
    if (closing) {
      throw new SoleboxException(
          ErrorCode.CLOSED, "", "Solebox is stopping.", "Ask again when it is running.");
    }
  }

  /** The next to load, when there is one; empty to end. */
  synchronized Optional<String> take() throws InterruptedException {
    while (queue.isEmpty() && !closing) {
      wait();
    }
    return closing ? Optional.empty() : Optional.of(queue.remove().name());
  }

  synchronized void loading(String name, String stage, double fraction) {
    model(name).loading(stage, fraction);
    notifyAll();
  }

  synchronized void ready(String name, LoadedModel loaded) {
    model(name).ready(loaded, ++uses);
    notifyAll();
  }

  synchronized void failed(String name, SoleboxException error) {
    model(name).failed(error);
    notifyAll();
  }

  /**
   * Takes out the models that must leave for {@code name}, to be closed; waits until nobody uses
   * them any more.
   */
  synchronized Map<String, LoadedModel> makeRoom(String name, LoadEstimate estimate)
      throws InterruptedException {
    var leaving = new LinkedHashMap<String, LoadedModel>();
    if (!model(name).mayEvict()) {
      return leaving;
    }
    stayForThoseWhoWaited();
    List<Hosted> victims =
        Room.victims(estimate, models.values().stream().filter(Hosted::mayLeave).toList());
    victims.forEach(Hosted::leave);
    while (!closing && victims.stream().anyMatch(Hosted::isInUse)) {
      loading(name, "waiting for answers of other models", 0);
      wait();
    }
    for (Hosted victim : victims) {
      takeOut(victim).ifPresent(loaded -> leaving.put(victim.name(), loaded));
    }
    return leaving;
  }

  /**
   * Whoever has waited for a model must have it once, or two could send each other away for ever.
   */
  private void stayForThoseWhoWaited() throws InterruptedException {
    long end = System.nanoTime() + 1_000_000 * STAY_MILLIS;
    long left = STAY_MILLIS;
    while (!closing && left > 0 && models.values().stream().anyMatch(Hosted::isAwaited)) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  /** Takes out everything, to be closed. */
  synchronized List<LoadedModel> takeAll() {
    List<LoadedModel> loaded = new ArrayList<>();
    models.values().forEach(model -> takeOut(model).ifPresent(loaded::add));
    return loaded;
  }

  private Optional<LoadedModel> takeOut(Hosted model) {
    if (model.state() instanceof ModelState.Ready ready) {
      model.absent();
      notifyAll();
      return Optional.of(ready.model());
    }
    return Optional.empty();
  }
}
