package io.solebox.app.serve;

import io.solebox.app.console.Console;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.host.ModelHost;
import io.solebox.engine.host.ModelState;
import io.solebox.hardware.answer.Said;
import io.solebox.hardware.care.CareListener;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.plug.Plug;
import io.solebox.hardware.plug.PlugReading;
import io.solebox.hardware.power.PowerKeeper.Hold;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Tells the console what the guard asks for, and sends models away and has them back. */
final class GuardReporter implements CareListener {
  private final Console console;
  private final PowerCut power;
  private final Set<String> away = new LinkedHashSet<>(); // of the guard's thread
  private volatile Optional<ModelHost> host = Optional.empty();

  /**
   * @param power takes power away
   */
  GuardReporter(Console console, PowerCut power) {
    this.console = console;
    this.power = power;
  }

  void guard(ModelHost guarded) {
    host = Optional.of(guarded);
  }

  @Override
  public void ruled(Ruling before, Ruling now) {
    boolean cuts = now.level() == Level.CUT && before.level() != Level.CUT;
    boolean cut = cuts && power.byBoard(System.nanoTime()); // within milliseconds, so first
    now.devices().stream()
        .filter(device -> level(before, device.device()) != device.level())
        .forEach(this::tell);
    host.ifPresent(its -> follow(its, now));
    if (cuts && !cut) {
      power.byPlug();
    }
  }

  /** A round of the guard is over. */
  void looked(Ruling now, Snapshot seen) {
    power.follow(now, seen, System.nanoTime());
  }

  private static Level level(Ruling ruling, String device) {
    return ruling.devices().stream()
        .filter(each -> each.device().equals(device))
        .map(Ruling.Device::level)
        .findFirst()
        .orElse(Level.NORMAL);
  }

  private void tell(Ruling.Device device) {
    if (device.level() == Level.NORMAL) {
      console.error("guard: %s is well again.".formatted(device.name()));
    } else {
      List<String> reasons = device.reasons().stream().map(Ruling.Reason::words).toList();
      console.error(
          "guard: %s: %s: %s"
              .formatted(device.name(), device.level().word(), String.join("; ", reasons)));
    }
  }

  private void follow(ModelHost guarded, Ruling now) {
    if (now.level().isAtLeast(Level.STOPPED)) {
      guarded.status().stream()
          .filter(each -> isThere(each.state()))
          .forEach(each -> away.add(each.name()));
      guarded.evacuate(
          new SoleboxException(
              ErrorCode.HARDWARE_GUARD,
              "hardware",
              "The answer broke off, since all had to stop at once: " + now.words() + ".",
              "Ask again later."));
    } else if (!now.level().isAtLeast(Level.PAUSED)) {
      away.forEach(guarded::preload);
      away.clear();
    }
  }

  /** The board does not do what it was told. */
  void board(String why) {
    console.error("guard: " + why + ".");
  }

  /** A round of the guard has failed, by a mistake of ours. */
  void broken(RuntimeException e) {
    console.error("guard: it could not look, and tries again: " + e);
  }

  /** Has a plug switch off by itself at so much, and tells what came of that. */
  void tripping(Plug plug, int watts) {
    switch (plug.tripAt(watts)) {
      case Said.Yes<PlugReading> _ ->
          console.error("power: %s switches off at %d W.".formatted(plug.name(), watts));
      case Said.No<PlugReading>(var why) ->
          console.error("power: %s: %s.".formatted(plug.name(), why));
    }
  }

  private static boolean isThere(ModelState state) {
    return switch (state) {
      case ModelState.Ready _, ModelState.Loading _ -> true;
      case ModelState.Absent _, ModelState.Failed _ -> false;
    };
  }

  @Override
  public void held(PowerPlan plan, Map<String, Hold> holds) {
    plan.cards().stream()
        .filter(share -> !(share.measure() instanceof PowerPlan.Measure.AsItIs))
        .forEach(share -> tell(share, Optional.ofNullable(holds.get(share.card().uuid()))));
    if (!plan.cards().isEmpty()) {
      plan.remedies().forEach(remedy -> console.error("note: power: " + remedy));
    }
  }

  private void tell(PowerPlan.Share share, Optional<Hold> hold) {
    String name = share.card().name();
    hold.ifPresent(
        what ->
            console.error(
                switch (what) {
                  case Hold.Held(var words) -> "power: %s: %s.".formatted(name, words);
                  case Hold.Loose(var words, var remedy) ->
                      "power: %s: %s. %s".formatted(name, words, remedy);
                }));
  }
}
