package io.solebox.app.smoke;

import io.solebox.app.bench.report.Sensed;
import io.solebox.app.bench.report.Trace;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.hardware.doctor.facts.Facts;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.Slots;
import io.solebox.hardware.smoke.SmokeReport;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One smoke test, from the first trial to the report. */
final class SmokeRun {
  private final List<TriedCard> cards;
  private final Optional<LinkTrials> links;
  private final SmokePace pace;
  private final Watchman watchman;
  private final Found found = new Found();
  private final Map<String, CardFacts> facts = new LinkedHashMap<>();

  /**
   * A report with what sensors said.
   *
   * @param trace also of how fast cards computed
   */
  record Result(SmokeReport report, Trace trace) {}

  SmokeRun(
      List<TriedCard> cards,
      Optional<LinkTrials> links,
      SmokePace pace,
      Watchman watchman,
      Facts machine) {
    this.cards = List.copyOf(cards);
    this.links = links;
    this.pace = pace;
    this.watchman = watchman;
    new Slots(machine)
        .placed(cards.stream().map(TriedCard::facts).toList(), watchman.latest().gpus())
        .forEach(card -> facts.put(card.device(), card));
  }

  /** Those of which something is known beside what they are called. */
  List<CardFacts> gpus() {
    return cards.stream()
        .filter(card -> card.identity().isPresent())
        .map(card -> facts.get(card.device()))
        .toList();
  }

  /**
   * Tries.
   *
   * @param leave whether what draws much may be tried
   * @param isForced whether somebody has said that they know what they do
   */
  Result run(SmokeProgress progress, BurnLeave leave, boolean isForced, String version)
      throws InterruptedException {
    Instant begin = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    if (!leave.isGiven()) {
      found.figures.add(Figure.unheld(leave.troubles()));
    }
    var own = new CardTrials(cards, facts, pace, watchman, progress, found);
    if (leave.isGiven() || isForced) {
      own.burn();
      own.walk();
    } else {
      found.missing.add(
          "Work and the walk through memory, since nothing holds the cards to what they may draw:"
              + " --i-know does them all the same. "
              + String.join(" ", leave.troubles()));
    }
    own.copy();
    linked(own, progress);
    own.ecc();
    return result(begin, leave, version);
  }

  private void linked(CardTrials own, SmokeProgress progress) {
    if (links.isPresent()) {
      List<String> names = cards.stream().map(TriedCard::device).toList();
      new LinkedTrials(links.get(), names, facts, pace, watchman, progress, found)
          .run(own.copies());
    } else {
      found.missing.add(
          cards.size() > 1
              ? "What goes between cards: their backend has no trials of that."
              : "What goes between cards: there is one.");
    }
  }

  private Result result(Instant begin, BurnLeave leave, String version) {
    Optional<String> aborted = watchman.aborted();
    watchman.recorder().close();
    var sensed = new Sensed(watchman.recorder().taken(), watchman.recorder().stages());
    Trace trace = sensed.trace().with(found.speeds);
    found.notes.addAll(sensed.heldDown());
    return new Result(
        new SmokeReport(
            begin,
            version,
            pace.word(),
            List.copyOf(facts.values()),
            found.figures,
            found.curves,
            leave.held(),
            found.missing,
            found.notes,
            aborted),
        trace);
  }
}
