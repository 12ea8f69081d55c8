package io.solebox.app.smoke;

import io.solebox.app.console.Environment;
import io.solebox.app.session.HardwareFile;
import io.solebox.hardware.nvml.Nvml;
import io.solebox.hardware.nvml.NvmlPace;
import io.solebox.hardware.power.Cards;
import io.solebox.hardware.power.PowerKeeper;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlanner;
import io.solebox.hardware.power.PowerSettings;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.PowerCheck;
import io.solebox.hardware.smoke.Slots;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Metric;
import io.solebox.hardware.telemetry.Snapshot;
import io.solebox.hardware.telemetry.Source;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether cards may be made to draw all that they can: each must be held to what it may draw, and
 * be watched meanwhile.
 *
 * @param plan for their power; of no card where nobody can be asked
 * @param held what holds each, a sentence each
 * @param troubles why they may not, a sentence each; empty where they may
 */
record BurnLeave(PowerPlan plan, List<String> held, List<String> troubles) {
  BurnLeave {
    held = List.copyOf(held);
    troubles = List.copyOf(troubles);
  }

  boolean isGiven() {
    return troubles.isEmpty();
  }

  /**
   * Holds the GPUs to their shares and reads that back.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code INVALID_PARAMETER} for the owner's file
   */
  static BurnLeave ask(Environment environment) throws InterruptedException {
    var planner = new PowerPlanner(HardwareFile.read(Optional.empty(), environment).power());
    try (Nvml nvml = new Nvml(environment.nvmlLibrary(), NvmlPace.USUAL)) {
      return switch (nvml.read()) {
        case Source.Answer.Readings(var devices) when !devices.isEmpty() -> {
          Snapshot seen = new Snapshot(Instant.now(), List.of(), devices);
          PowerPlan plan = planner.plan(Cards.of(seen, nvml));
          yield of(PowerCheck.of(plan, new PowerKeeper(nvml, Thread::sleep)));
        }
        case Source.Answer.Readings _ -> nobody(planner, "NVML knows of no GPU");
        case Source.Answer.Silence(var why) -> nobody(planner, why);
      };
    }
  }

  /** Of what is no GPU: nobody plans its power. */
  static BurnLeave nothingToHold() {
    return new BurnLeave(
        new PowerPlanner(PowerSettings.DEFAULTS).plan(List.of()), List.of(), List.of());
  }

  private static BurnLeave nobody(PowerPlanner planner, String why) {
    return new BurnLeave(
        planner.plan(List.of()),
        List.of(),
        List.of("Whether anything holds the cards' power is not known: " + why + "."));
  }

  static BurnLeave of(PowerCheck check) {
    List<String> troubles = new ArrayList<>(check.troubles());
    if (!check.isSafe()) {
      troubles.add(check.worstCase());
    }
    return new BurnLeave(
        check.plan(),
        check.cards().stream()
            .filter(PowerCheck.Held::isHeld)
            .map(each -> each.name() + ": " + each.words() + ".")
            .toList(),
        troubles);
  }

  /** The same where a card's temperature is told by nobody. */
  BurnLeave watched(List<CardFacts> cards, Snapshot measured) {
    List<String> all = new ArrayList<>(troubles);
    for (CardFacts card : cards) {
      boolean isWatched =
          Slots.reading(card, measured.gpus())
              .map((DeviceReading each) -> each.value(Metric.CORE_CELSIUS).isPresent())
              .orElse(false);
      if (!isWatched) {
        all.add("Nothing tells the temperature of %s.".formatted(card.device()));
      }
    }
    return new BurnLeave(plan, held, all);
  }
}
