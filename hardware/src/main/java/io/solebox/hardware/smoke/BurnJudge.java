package io.solebox.hardware.smoke;

import io.solebox.hardware.smoke.Expectation.Nothing;
import io.solebox.hardware.smoke.Expectation.Value;
import io.solebox.hardware.table.SpeedTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a card computes, held against multiprocessors x operations per clock x the clock that was
 * measured meanwhile: one that is held down computes as it should, and its clock says the rest.
 */
public final class BurnJudge {
  private final SpeedTable table = new SpeedTable();

  /** Of one burn, with what the sensors said during it. */
  public List<Figure> judge(CardFacts card, WorkFacts work, BurnFacts burn) {
    List<Figure> figures = new ArrayList<>();
    Figure speed =
        Figure.speed(
            "burn." + burn.kind(),
            card.device(),
            burn.title(),
            burn.operationsPerSecond(),
            Unit.OPERATIONS_PER_SECOND,
            expected(card, work, burn));
    figures.add(speed.isTrouble() ? speed.because(Clocks.words(work)) : speed);
    figures.add(
        Figure.faults(
            "burn." + burn.kind() + ".wrong",
            card.device(),
            "Wrong results, " + burn.title(),
            burn.wrong(),
            "the same numbers give the same results; %d were compared".formatted(burn.checked()),
            wrong(burn, work)));
    return figures;
  }

  private Expectation expected(CardFacts card, WorkFacts work, BurnFacts burn) {
    if (card.compute().isEmpty() || card.multiprocessors().isEmpty()) {
      return new Nothing("nobody knows this card's multiprocessors");
    }
    if (work.megahertz().isEmpty()) {
      return new Nothing("nothing told its clock meanwhile");
    }
    int units = card.multiprocessors().getAsInt();
    double megahertz = work.megahertz().getAsDouble();
    return table
        .operationsPerClock(card.compute().get(), burn.kind())
        .<Expectation>map(
            rate ->
                new Value(
                    units * rate.value() * megahertz * 1e6,
                    String.format(
                        Locale.ROOT,
                        "%d multiprocessors x %.0f operations x %.0f MHz measured; %s",
                        units,
                        rate.value(),
                        megahertz,
                        rate.source())))
        .orElseGet(
            () ->
                new Nothing(
                    "no table has what compute capability %s does of this"
                        .formatted(card.compute().get())));
  }

  private static List<String> wrong(BurnFacts burn, WorkFacts work) {
    if (burn.wrong() == 0) {
      return List.of();
    }
    List<String> reasons = new ArrayList<>();
    burn.firstWrong().ifPresent(where -> reasons.add("The first one: " + where + "."));
    reasons.add(
        "A card that computes wrongly is unstable or broken: put its clocks back to the maker's,"
            + " look at its power connectors and heat, then replace it.");
    reasons.addAll(Clocks.words(work));
    return reasons;
  }
}
