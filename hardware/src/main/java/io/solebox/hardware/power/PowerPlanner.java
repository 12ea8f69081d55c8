package io.solebox.hardware.power;

import io.solebox.hardware.power.Card.Means;
import io.solebox.hardware.power.PowerPlan.Measure;
import io.solebox.hardware.power.PowerPlan.Share;
import io.solebox.hardware.table.GpuCard;
import io.solebox.hardware.table.GpuTable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Shares out what the power supply gives. Where it is enough for the worst case of every card, each
 * has that; else all give up the same part of it, but no card goes below what it can be held to.
 */
public final class PowerPlanner {
  /** The most that any card in the table draws: an H100-SXM5's limit. */
  private static final double WORST_WATTS = 700;

  private final GpuTable table = new GpuTable();
  private final PowerSettings settings;

  public PowerPlanner(PowerSettings settings) {
    this.settings = settings;
  }

  /** A card with what it needs. */
  private record Need(
      Card card, double worst, String source, double least, Optional<PowerCurve> curve) {}

  public PowerPlan plan(List<Card> cards) {
    List<Need> needs = cards.stream().map(this::need).toList();
    OptionalDouble available = settings.gpuWatts();
    List<Share> shares = new ArrayList<>();
    double scale = available.isPresent() ? scale(needs, available.getAsDouble()) : 1;
    for (Need need : needs) {
      shares.add(share(need, Math.max(need.least(), scale * need.worst())));
    }
    return new PowerPlan(
        settings,
        available,
        needs.stream().mapToDouble(Need::worst).sum(),
        shares.stream().mapToDouble(Share::watts).sum(),
        shares);
  }

  private Need need(Card card) {
    PowerSettings.OfCard said = settings.of(card);
    return switch (card.means()) {
      case Means.Limit limit -> {
        // A limit that somebody has set is gone when the driver is loaded again.
        double limited = Math.max(limit.currentMilliwatts(), limit.usualMilliwatts()) / 1000.0;
        double worst = Math.min(limited, said.watts().orElse(limited));
        double least = Math.min(worst, limit.minMilliwatts() / 1000.0);
        yield new Need(card, worst, "its power limit", least, Optional.empty());
      }
      case Means.Clocks clocks -> {
        int highest = clocks.megahertz().stream().mapToInt(each -> each).max().orElse(0);
        PowerCurve curve = PowerCurve.of(worst(card), highest, said.measured());
        int lowest = clocks.megahertz().stream().mapToInt(each -> each).min().orElse(0);
        yield new Need(
            card, curve.watts(highest), source(card), curve.watts(lowest), Optional.of(curve));
      }
      case Means.Nothing _ ->
          new Need(card, worst(card), source(card), worst(card), Optional.empty());
    };
  }

  private double worst(Card card) {
    return settings
        .of(card)
        .watts()
        .orElseGet(
            () ->
                table
                    .named(card.name())
                    .flatMap(GpuCard::powerWatts)
                    .map(Integer::doubleValue)
                    .orElse(WORST_WATTS));
  }

  private String source(Card card) {
    if (settings.of(card).watts().isPresent()) {
      return "hardware.properties";
    }
    return table
        .named(card.name())
        .flatMap(GpuCard::powerWatts)
        .map(_ -> "the table of cards")
        .orElse("nothing is known of it, so what the hungriest card draws");
  }

  /** The part of its worst case that each card has, unless it can only be held to more. */
  private static double scale(List<Need> needs, double available) {
    Set<Need> least = new HashSet<>();
    double scale = 1;
    for (int round = 0; round <= needs.size(); round++) {
      double fixed = least.stream().mapToDouble(Need::least).sum();
      double rest =
          needs.stream().filter(each -> !least.contains(each)).mapToDouble(Need::worst).sum();
      scale = rest > 0 ? Math.clamp((available - fixed) / rest, 0, 1) : 0;
      boolean more = false;
      for (Need need : needs) {
        more |= scale * need.worst() < need.least() && least.add(need);
      }
      if (!more) {
        break;
      }
    }
    return scale;
  }

  private Share share(Need need, double watts) {
    return switch (need.card().means()) {
      case Means.Limit limit -> {
        int milliwatts = (int) (Math.floor(watts) * 1000);
        boolean enough = milliwatts >= limit.currentMilliwatts();
        double drawn = enough ? limit.currentMilliwatts() / 1000.0 : milliwatts / 1000.0;
        yield share(need, drawn, enough ? new Measure.AsItIs() : new Measure.Limit(milliwatts));
      }
      case Means.Clocks clocks -> clocked(need, clocks, watts);
      case Means.Nothing nothing ->
          share(need, need.worst(), new Measure.Impossible(nothing.why()));
    };
  }

  /** The highest clock at which it draws no more; without a known supply the lowest there is. */
  private Share clocked(Need need, Means.Clocks clocks, double watts) {
    PowerCurve curve = need.curve().orElseThrow();
    int lowest = clocks.megahertz().stream().mapToInt(each -> each).min().orElse(0);
    if (lowest == 0) {
      return share(need, need.worst(), new Measure.Impossible("it names no clocks"));
    }
    int chosen =
        settings.psuWatts().isEmpty()
            ? lowest
            : clocks.megahertz().stream()
                .mapToInt(each -> each)
                .filter(each -> curve.watts(each) <= watts)
                .max()
                .orElse(lowest);
    String source =
        settings.of(need.card()).measured().isEmpty()
            ? "a straight line from a quarter of the worst case at rest"
            : "measured points in hardware.properties";
    return share(need, curve.watts(chosen), new Measure.Clock(chosen, source));
  }

  private static Share share(Need need, double watts, Measure measure) {
    return new Share(need.card(), need.worst(), need.source(), watts, measure);
  }
}
