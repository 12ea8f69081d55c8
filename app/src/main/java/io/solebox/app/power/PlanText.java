package io.solebox.app.power;

import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.power.PowerPlan.Measure;
import io.solebox.hardware.power.PowerPlan.Share;
import io.solebox.hardware.power.PowerSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;

/** A plan for people and for programs. */
final class PlanText {
  private PlanText() {}

  static String supply(PowerPlan plan) {
    PowerSettings said = plan.settings();
    return said.psuWatts().isEmpty()
        ? "Power supply: nobody has said what it is good for."
        : String.format(
            Locale.ROOT,
            "Power supply: %.0f W, of which %.0f %% less %.0f W for the rest: %.0f W for GPUs.",
            said.psuWatts().getAsDouble(),
            100 * said.psuShare(),
            said.hostWatts(),
            plan.gpuWatts().orElse(0));
  }

  static List<List<String>> rows(PowerPlan plan) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("GPU", "ADDRESS", "AT WORST", "PLANNED", "HOW"));
    plan.cards().forEach(share -> rows.add(row(share)));
    rows.add(List.of("together", "", watts(plan.worstWatts()), watts(plan.plannedWatts()), ""));
    return rows;
  }

  private static List<String> row(Share share) {
    return List.of(
        share.card().name(),
        share.card().address().orElse(""),
        watts(share.worstWatts()) + ", " + share.worstSource(),
        watts(share.watts()),
        switch (share.measure()) {
          case Measure.AsItIs _ -> "its power limit, as it is";
          case Measure.Limit(int milliwatts) -> "power limit " + watts(milliwatts / 1000.0);
          case Measure.Clock(int megahertz, String source) ->
              "clocks locked at %d MHz, by %s".formatted(megahertz, source);
          case Measure.Impossible(String why) -> "nothing holds it: " + why;
        });
  }

  static String verdict(PowerPlan plan) {
    if (plan.hasUnheld()) {
      return "There is a GPU that nothing holds.";
    }
    if (plan.gpuWatts().isEmpty()) {
      return "Whether that is too much, nobody knows.";
    }
    return plan.fits() ? "It fits." : "It does not fit.";
  }

  private static String watts(double watts) {
    return String.format(Locale.ROOT, "%.0f W", watts);
  }

  static Map<String, Object> json(PowerPlan plan) {
    Map<String, Object> json = new LinkedHashMap<>();
    put(json, "psu_watts", plan.settings().psuWatts());
    json.put("psu_share", plan.settings().psuShare());
    json.put("host_watts", plan.settings().hostWatts());
    put(json, "gpu_watts", plan.gpuWatts());
    json.put("worst_watts", plan.worstWatts());
    json.put("planned_watts", plan.plannedWatts());
    json.put("fits", plan.fits() && !plan.hasUnheld());
    json.put("cards", plan.cards().stream().map(PlanText::json).toList());
    json.put("remedies", plan.remedies());
    return json;
  }

  /** What is not known is left out. */
  private static void put(Map<String, Object> json, String name, OptionalDouble value) {
    value.ifPresent(known -> json.put(name, known));
  }

  private static Map<String, Object> json(Share share) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("uuid", share.card().uuid());
    json.put("name", share.card().name());
    share.card().address().ifPresent(address -> json.put("address", address));
    json.put("worst_watts", share.worstWatts());
    json.put("worst_source", share.worstSource());
    json.put("watts", share.watts());
    switch (share.measure()) {
      case Measure.AsItIs _ -> json.put("measure", "as_it_is");
      case Measure.Limit(int milliwatts) -> {
        json.put("measure", "power_limit");
        json.put("limit_watts", milliwatts / 1000.0);
      }
      case Measure.Clock(int megahertz, String source) -> {
        json.put("measure", "locked_clock");
        json.put("clock_megahertz", megahertz);
        json.put("source", source);
      }
      case Measure.Impossible(String why) -> {
        json.put("measure", "impossible");
        json.put("why", why);
      }
    }
    return json;
  }
}
