package io.solebox.hardware.care;

import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.power.Card;
import io.solebox.hardware.power.Cards;
import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlan.Share;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.power.PowerSettings;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Holds the cards that there are to their shares, and again when the driver was loaded anew, a card
 * came or went, or a lock was lost. Owned by one thread.
 */
final class PowerWatch {
  /** Rounds between two looks at cards that are held, and two tries with those that are not. */
  private static final int LOOK_EVERY = 5;

  private final GpuControl control;
  private final PowerPlanner planner;
  private final PowerKeeper keeper;
  private final Map<String, Hold> holds = new LinkedHashMap<>();
  private PowerPlan plan;
  private List<String> seen = List.of();
  private int generation;
  private int rounds;

  PowerWatch(GpuControl control, PowerSettings settings, PowerKeeper.Pause pause) {
    this.control = control;
    this.planner = new PowerPlanner(settings);
    this.keeper = new PowerKeeper(control, pause);
    this.plan = planner.plan(List.of());
  }

  /**
   * Looks after the cards.
   *
   * @return whether something was planned anew or lost its hold
   */
  boolean look(Snapshot snapshot) throws InterruptedException {
    List<String> gpus = snapshot.gpus().stream().map(DeviceReading::id).toList();
    if (!gpus.equals(seen) || generation != control.generation()) {
      seen = gpus;
      generation = control.generation();
      plan = planner.plan(Cards.of(snapshot, control));
      holds.clear();
      return applyAll();
    }
    rounds++;
    if (rounds % LOOK_EVERY != 0) {
      return false;
    }
    return lookAtHolds();
  }

  private boolean applyAll() throws InterruptedException {
    for (Share share : plan.cards()) {
      holds.put(share.card().uuid(), keeper.apply(share));
    }
    return true;
  }

  private boolean lookAtHolds() throws InterruptedException {
    boolean changed = false;
    for (Share share : plan.cards()) {
      String uuid = share.card().uuid();
      boolean held = holds.get(uuid) instanceof Hold.Held && keeper.holds(share);
      if (!held && !(share.measure() instanceof PowerPlan.Measure.Impossible)) {
        Hold again = keeper.apply(share);
        changed |= !again.equals(holds.put(uuid, again));
      }
    }
    return changed;
  }

  /** Holds a card anew that somebody else has told something. */
  void again(String uuid) throws InterruptedException {
    Optional<Share> share = share(uuid);
    if (share.isPresent()) {
      holds.put(uuid, keeper.apply(share.get()));
    }
  }

  PowerPlan plan() {
    return plan;
  }

  Optional<Share> share(String uuid) {
    return plan.cards().stream().filter(each -> each.card().uuid().equals(uuid)).findFirst();
  }

  /** Why a card must not be used; empty where it is held, or has a limit of its own in any case. */
  Optional<Hold.Loose> unsafe(String uuid) {
    boolean limitsItself =
        share(uuid).filter(each -> each.card().means() instanceof Card.Means.Limit).isPresent();
    return limitsItself ? Optional.empty() : loose(uuid);
  }

  /** Why a card is not held to its share. */
  Optional<Hold.Loose> loose(String uuid) {
    return Optional.ofNullable(holds.get(uuid))
        .filter(Hold.Loose.class::isInstance)
        .map(Hold.Loose.class::cast);
  }

  Map<String, Hold> holds() {
    return Map.copyOf(holds);
  }

  PowerKeeper keeper() {
    return keeper;
  }
}
