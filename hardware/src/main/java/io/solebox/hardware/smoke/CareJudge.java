package io.solebox.hardware.smoke;

import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.pci.PciLink;
import io.solebox.hardware.smoke.Expectation.Nothing;
import io.solebox.hardware.smoke.Expectation.Value;
import io.solebox.hardware.telemetry.EventReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** How a card took the work: heat, clocks, power, and the link that it had meanwhile. */
public final class CareJudge {
  private static final GuardSettings SETTINGS = GuardSettings.DEFAULTS;

  /** Below this part of its highest clock something held it down. */
  private static final double FREE = 0.9;

  private CareJudge() {}

  /** What its sensors tell; what they do not is not there. */
  public static List<Figure> judge(CardFacts card, WorkFacts work) {
    List<Figure> figures = new ArrayList<>();
    core(card, work).ifPresent(figures::add);
    memory(card, work).ifPresent(figures::add);
    clock(card, work).ifPresent(figures::add);
    power(card, work).ifPresent(figures::add);
    link(card.device(), card.link().at(work.link())).ifPresent(figures::add);
    return figures;
  }

  private static Optional<Figure> core(CardFacts card, WorkFacts work) {
    double most = work.limits().maxOperating().orElse(SETTINGS.usual().maxOperating());
    double slowdown = work.limits().slowdown().orElse(SETTINGS.usual().slowdown());
    return heat(
        card,
        work,
        new Heat("temperature.core", "Core, at most", work.coreCelsius()),
        new Bounds(most, slowdown, source(work.limits().maxOperating())));
  }

  private static Optional<Figure> memory(CardFacts card, WorkFacts work) {
    double most = work.limits().memoryMax().orElse(SETTINGS.usual().memoryMax());
    return heat(
        card,
        work,
        new Heat("temperature.memory", "Memory, at most", work.memoryCelsius()),
        new Bounds(most - SETTINGS.memory().slowBelow(), most, source(work.limits().memoryMax())));
  }

  private record Heat(String id, String title, OptionalDouble celsius) {}

  private record Bounds(double low, double bad, String source) {}

  private static String source(OptionalDouble told) {
    return told.isPresent()
        ? "the most that the card bears at work, as it says itself or the table of cards"
        : "the card does not say what it bears; of a V100, the most delicate";
  }

  private static Optional<Figure> heat(CardFacts card, WorkFacts work, Heat heat, Bounds bounds) {
    if (heat.celsius().isEmpty()) {
      return Optional.empty();
    }
    double celsius = heat.celsius().getAsDouble();
    Grade grade =
        celsius >= bounds.bad() ? Grade.BAD : celsius >= bounds.low() ? Grade.LOW : Grade.GOOD;
    return Optional.of(
        new Figure(
            heat.id(),
            card.device(),
            heat.title(),
            celsius,
            Unit.CELSIUS,
            new Value(bounds.low(), bounds.source()),
            grade,
            grade == Grade.GOOD ? List.of() : List.of(Clocks.heat(work))));
  }

  private static Optional<Figure> clock(CardFacts card, WorkFacts work) {
    if (work.megahertz().isEmpty()) {
      return Optional.empty();
    }
    double megahertz = work.megahertz().getAsDouble();
    boolean isFree =
        work.maxMegahertz().isPresent() && megahertz >= FREE * work.maxMegahertz().getAsDouble();
    boolean isWished =
        work.isHeldBy(EventReason.POWER_CAP, EventReason.APPLICATION_CLOCKS) && !isTroubled(work);
    Grade grade = isTroubled(work) ? Grade.LOW : isFree || isWished ? Grade.GOOD : Grade.NOT_JUDGED;
    Expectation expected =
        work.maxMegahertz().isPresent()
            ? new Value(
                work.maxMegahertz().getAsDouble(), "the highest clock that the driver names")
            : new Nothing("the driver does not name its highest clock");
    List<String> reasons = new ArrayList<>(Clocks.words(work));
    if (grade == Grade.NOT_JUDGED) {
      reasons.add("The driver does not say what holds it there; its clocks may be locked.");
    }
    return Optional.of(
        new Figure(
            "clock",
            card.device(),
            "Clock, median",
            megahertz,
            Unit.MEGAHERTZ,
            expected,
            grade,
            reasons));
  }

  private static boolean isTroubled(WorkFacts work) {
    return work.held().keySet().stream().anyMatch(each -> each.isTrouble() && work.isHeldBy(each));
  }

  private static Optional<Figure> power(CardFacts card, WorkFacts work) {
    if (work.watts().isEmpty()) {
      return Optional.empty();
    }
    double watts = work.watts().getAsDouble();
    if (work.limits().watts().isEmpty()) {
      return Optional.of(
          Figure.plain(
              "power", card.device(), "Power, at most", watts, Unit.WATTS, "nothing limits it"));
    }
    double most = work.limits().watts().getAsDouble();
    double share = watts / most;
    GuardSettings.PowerShares shares = SETTINGS.power();
    Grade grade =
        share >= shares.pause() ? Grade.BAD : share >= shares.slow() ? Grade.LOW : Grade.GOOD;
    return Optional.of(
        new Figure(
            "power",
            card.device(),
            "Power, at most",
            watts,
            Unit.WATTS,
            new Value(most, "what it may draw: its power limit, or its share of the plan"),
            grade,
            grade == Grade.GOOD
                ? List.of()
                : List.of(
                    "Its power limit, or the lock of its clocks, does not hold it: see 'solebox"
                        + " power plan'.")));
  }

  /** The line rate of a link as it was at work, beside what it should be. */
  static Optional<Figure> link(String device, LinkFacts link) {
    if (link.atWork().isEmpty() || link.due().isEmpty()) {
      return Optional.empty();
    }
    PciLink due = link.due().get();
    double share = link.atWork().get().gigabytes() / due.gigabytes();
    Grade grade = link.isWhole() ? Grade.GOOD : share < 0.3 ? Grade.BAD : Grade.LOW;
    return Optional.of(
        new Figure(
            "link",
            device,
            "Link at work, " + link.atWork().get(),
            link.atWork().get().gigabytes() * 1e9,
            Unit.BYTES_PER_SECOND,
            new Value(
                due.gigabytes() * 1e9,
                "line rate of %s, the best that card and slot can do together".formatted(due)),
            grade,
            LinkCauses.words(link)));
  }
}
