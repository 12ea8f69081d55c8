package io.solebox.hardware.smoke;

import io.solebox.hardware.telemetry.EventReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Why a card's clocks were held down. */
final class Clocks {
  /**
   * A die loses its heat through the paste at once, and through the sink slowly: a V100 that is
   * well rises by some 15 degrees in the first seconds of 250 W. Twice that is the paste, or a sink
   * that does not lie on. An inference from the thermal resistance, not measured on cards.
   */
  private static final double DRY_STEP_PER_WATT = 0.12;

  private Clocks() {}

  static List<String> words(WorkFacts work) {
    List<String> reasons = new ArrayList<>();
    if (isHot(work)) {
      reasons.add(heat(work));
    }
    if (work.isHeldBy(EventReason.POWER_BRAKE, EventReason.HARDWARE_SLOWDOWN)
        && !work.isHeldBy(EventReason.HARDWARE_THERMAL)) {
      reasons.add(
          "The card slows itself down for want of power: look at its power connectors, at the"
              + " supply, and at what shares its cables.");
    }
    if (work.isHeldBy(EventReason.POWER_CAP)) {
      reasons.add(
          "Its power limit holds its clocks down"
              + (work.limits().watts().isPresent()
                  ? String.format(Locale.ROOT, ", %.0f W.", work.limits().watts().getAsDouble())
                  : "."));
    }
    if (work.isHeldBy(EventReason.APPLICATION_CLOCKS)) {
      reasons.add("Somebody has set its clocks (application clocks, or locked ones).");
    }
    return reasons;
  }

  private static boolean isHot(WorkFacts work) {
    return work.isHeldBy(EventReason.SOFTWARE_THERMAL, EventReason.HARDWARE_THERMAL);
  }

  /** What keeps the heat in: paste where it jumps, air where it creeps. */
  static String heat(WorkFacts work) {
    if (work.stepPerWatt().isPresent()) {
      double step = work.stepPerWatt().getAsDouble();
      return step >= DRY_STEP_PER_WATT
          ? String.format(
              Locale.ROOT,
              "Its core jumped by %.2f °C per watt within seconds: dry paste, or a sink that does"
                  + " not lie on it.",
              step)
          : String.format(
              Locale.ROOT,
              "Its core rose by %.2f °C per watt at first, as with good paste, and grew hot later:"
                  + " too little air, a dead fan, or dust.",
              step);
    }
    return "It grew too hot: look at air, fans and dust, then at paste.";
  }
}
