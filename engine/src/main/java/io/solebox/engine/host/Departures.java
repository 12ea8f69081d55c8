package io.solebox.engine.host;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.error.SoleboxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which models of a host leave, and when: for another that needs their memory, because nobody uses
 * them, or because somebody wants them away. None leaves while it is in use.
 */
final class Departures {
  private static final Duration LOOK = Duration.ofMillis(50);

  /** How long a model stays for those who waited for it, when another needs its memory. */
  private static final Duration STAY = Duration.ofSeconds(1);

  /** Keeps others from unloading until closed. */
  interface Hold extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * A model that was taken out, to be closed.
   *
   * @param dismissed whether somebody asked for that
   */
  record Leaver(String name, LoadedModel model, boolean dismissed) {}

  private final Residents residents;
  private int holds; // guarded by residents

  Departures(Residents residents) {
    this.residents = residents;
  }

  /** Asks for a model to be away, once nobody uses it; a load that runs is given up. */
  void dismiss(String name) {
    synchronized (residents) {
      Hosted model = residents.model(name);
      switch (model.state()) {
        case ModelState.Ready _, ModelState.Loading _ -> model.dismiss();
        case ModelState.Failed _ -> model.absent();
        case ModelState.Absent _ -> {}
      }
      residents.changed();
    }
  }

  /** Whether a load that runs is to be given up. */
  boolean isDismissed(String name) {
    synchronized (residents) {
      return residents.model(name).isDismissed();
    }
  }

  /** The load of a model that was dismissed has ended without it. */
  void stopped(String name) {
    synchronized (residents) {
      residents.model(name).stopped();
      residents.changed();
    }
  }

  /** Waits a moment for a model that was dismissed; whether it is still there. */
  boolean awaitGone(String name) throws InterruptedException {
    synchronized (residents) {
      if (isGoing(name)) {
        residents.await(LOOK);
      }
      return isGoing(name);
    }
  }

  private boolean isGoing(String name) {
    Hosted model = residents.model(name);
    return !residents.isClosing() && (model.isDismissed() || model.isClosing());
  }

  /**
   * Waits until nothing is being unloaded; then nobody but the caller unloads anything until the
   * result is closed. So an estimate stays true.
   */
  Hold hold() throws InterruptedException {
    synchronized (residents) {
      while (!residents.isClosing() && residents.all().stream().anyMatch(Hosted::isClosing)) {
        residents.await(Optional.empty());
      }
      holds++;
      return this::release;
    }
  }

  private void release() {
    synchronized (residents) {
      holds--;
      residents.changed();
    }
  }

  /**
   * Takes out the models that must leave for {@code name}, to be closed; waits until nobody uses
   * them any more.
   *
   * @throws SoleboxException {@code CANCELLED} when nobody wants the model any more
   */
  Map<String, LoadedModel> makeRoom(String name, LoadEstimate estimate)
      throws InterruptedException {
    synchronized (residents) {
      var leaving = new LinkedHashMap<String, LoadedModel>();
      if (!residents.model(name).mayEvict()) {
        return leaving;
      }
      stayForThoseWhoWaited();
      List<Hosted> victims =
          Room.victims(estimate, residents.mayLeave()).orElse(List.of()); // its load says why
      awaitAnswersOf(victims, name);
      for (Hosted victim : victims) {
        takeOut(victim).ifPresent(loaded -> leaving.put(victim.name(), loaded));
      }
      return leaving;
    }
  }

  /**
   * Whoever has waited for a model must have it once, or two could send each other away for ever.
   */
  private void stayForThoseWhoWaited() throws InterruptedException {
    long end = System.nanoTime() + STAY.toNanos();
    Duration left = STAY;
    while (!residents.isClosing()
        && left.isPositive()
        && residents.all().stream().anyMatch(Hosted::isAwaited)) {
      residents.await(left);
      left = Duration.ofNanos(end - System.nanoTime());
    }
  }

  private void awaitAnswersOf(List<Hosted> victims, String name) throws InterruptedException {
    victims.forEach(Hosted::leave);
    while (!residents.isClosing() && victims.stream().anyMatch(Hosted::isInUse)) {
      if (residents.model(name).isDismissed()) {
        victims.forEach(Hosted::stay);
        residents.changed();
        throw HostTable.stopped(name);
      }
      residents.model(name).loading("waiting for answers of other models", 0);
      residents.changed();
      residents.await(Optional.empty());
    }
  }

  /** The next that is to be unloaded, taken out; empty to end. */
  Optional<Leaver> takeDue() throws InterruptedException {
    synchronized (residents) {
      while (!residents.isClosing()) {
        Optional<Hosted> due =
            residents.all().stream().filter(each -> holds == 0 && each.isDue()).findFirst();
        if (due.isPresent()) {
          boolean dismissed = due.get().isDismissed();
          String name = due.get().name();
          return takeOut(due.get()).map(loaded -> new Leaver(name, loaded, dismissed));
        }
        residents.await(holds > 0 ? Optional.empty() : nextDue());
      }
      return Optional.empty();
    }
  }

  private Optional<Duration> nextDue() {
    return residents.all().stream()
        .flatMap(each -> each.timer().stream())
        .min(Duration::compareTo)
        .map(time -> time.plusMillis(1));
  }

  /** Takes out everything, to be closed. */
  List<LoadedModel> takeAll() {
    synchronized (residents) {
      List<LoadedModel> loaded = new ArrayList<>();
      residents.all().forEach(model -> takeOut(model).ifPresent(loaded::add));
      return loaded;
    }
  }

  /**
   * Takes out everything whether it is in use or not, to be closed; loads that run are given up.
   */
  Map<String, LoadedModel> takeAway() {
    synchronized (residents) {
      Map<String, LoadedModel> loaded = new LinkedHashMap<>();
      for (Hosted model : residents.all()) {
        takeOut(model).ifPresent(its -> loaded.put(model.name(), its));
        if (model.state() instanceof ModelState.Loading) {
          model.dismiss();
        }
      }
      residents.changed();
      return loaded;
    }
  }

  private Optional<LoadedModel> takeOut(Hosted model) {
    if (model.state() instanceof ModelState.Ready ready) {
      model.absent();
      model.closing(true);
      residents.changed();
      return Optional.of(ready.model());
    }
    return Optional.empty();
  }

  /** A model that was taken out is closed, and its memory free. */
  void left(String name) {
    synchronized (residents) {
      residents.model(name).closing(false);
      residents.changed();
    }
  }
}
