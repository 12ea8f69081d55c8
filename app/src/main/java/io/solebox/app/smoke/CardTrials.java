package io.solebox.app.smoke;

import io.solebox.app.bench.report.Trace;
import io.solebox.app.smoke.AllAtOnce.Outcome;
import io.solebox.engine.backend.trial.Burn;
import io.solebox.engine.backend.trial.BurnResult;
import io.solebox.engine.backend.trial.BurnSample;
import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.smoke.BurnJudge;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.CareJudge;
import io.solebox.hardware.smoke.CopyFacts;
import io.solebox.hardware.smoke.CopyJudge;
import io.solebox.hardware.smoke.EccFacts;
import io.solebox.hardware.smoke.Figure;
import io.solebox.hardware.smoke.MemoryFacts;
import io.solebox.hardware.smoke.MemoryJudge;
import io.solebox.hardware.smoke.Slots;
import io.solebox.hardware.smoke.Unit;
import io.solebox.hardware.smoke.WorkFacts;
import io.solebox.hardware.telemetry.DeviceReading;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What each card is tried with: work and memory on all at once, as they are used; copies on each
 * alone.
 */
final class CardTrials {
  /** The first seconds are of rising clocks; of a short burn the first third. */
  private static final double SETTLED_SECONDS = 5;

  private final List<TriedCard> tried;
  private final Map<String, CardFacts> facts;
  private final SmokePace pace;
  private final Watchman watchman;
  private final SmokeProgress progress;
  private final Found found;
  private final Map<String, List<CopyFacts>> copies = new HashMap<>();

  /**
   * @param facts by the names of devices; links at work are put in as they are seen
   */
  CardTrials(
      List<TriedCard> tried,
      Map<String, CardFacts> facts,
      SmokePace pace,
      Watchman watchman,
      SmokeProgress progress,
      Found found) {
    this.tried = tried;
    this.facts = facts;
    this.pace = pace;
    this.watchman = watchman;
    this.progress = progress;
    this.found = found;
  }

  /** What each reached alone, by the names of devices. */
  Map<String, List<CopyFacts>> copies() {
    return copies;
  }

  /** Each kind of work, and what it did to the cards. */
  void burn() throws InterruptedException {
    Set<Burn> kinds = new LinkedHashSet<>();
    tried.forEach(card -> kinds.addAll(card.trials().burns()));
    double begin = watchman.recorder().seconds();
    for (Burn burn : kinds) {
      burn(burn);
    }
    double end = watchman.recorder().seconds();
    for (TriedCard card : tried) {
      found.figures.addAll(
          CareJudge.judge(facts.get(card.device()), work(card.device(), begin, end)));
    }
  }

  private void burn(Burn burn) throws InterruptedException {
    List<TriedCard> able =
        tried.stream().filter(card -> card.trials().burns().contains(burn)).toList();
    if (skipped("Work in " + burn.label())) {
      return;
    }
    stage(burn.label());
    double begin = watchman.recorder().seconds();
    Map<String, Rates> rates = new ConcurrentHashMap<>();
    able.forEach(card -> rates.put(card.device(), new Rates()));
    List<Outcome<BurnResult>> outcomes =
        AllAtOnce.on(
            able,
            card -> card.trials().burn(burn, pace.burn(), watch(card, rates.get(card.device()))));
    double end = watchman.recorder().seconds();
    for (Outcome<BurnResult> outcome : outcomes) {
      switch (outcome) {
        case Outcome.Done<BurnResult>(var card, var result) ->
            burned(card, result, rates.get(card.device()), begin, end);
        case Outcome.Failed<BurnResult>(var card, var why) ->
            found.failed(card.device(), "Work in " + burn.label(), why);
      }
    }
  }

  private Watch<BurnSample> watch(TriedCard card, Rates rates) {
    return new Watch<>(
        sample -> {
          rates.add(sample);
          progress.show(
              "%s %s, %d of %d s"
                  .formatted(
                      card.device(),
                      Unit.OPERATIONS_PER_SECOND.text(sample.operationsPerSecond()),
                      sample.at().toSeconds(),
                      pace.burn().toSeconds()));
        },
        watchman::isStopped);
  }

  private void burned(TriedCard card, BurnResult result, Rates rates, double begin, double end) {
    WorkFacts work = work(card.device(), begin, end);
    work.link().ifPresent(_ -> seen(card.device(), work));
    double settled = Math.min(SETTLED_SECONDS, pace.burn().toMillis() / 3000.0);
    double speed = rates.settled(settled).orElse(result.operationsPerSecond());
    if (result.passes() == 0) {
      found.missing.add(
          "%s on %s: not one pass was done.".formatted(result.burn().label(), card.device()));
      return;
    }
    found.figures.addAll(
        new BurnJudge().judge(facts.get(card.device()), work, Results.burn(result, speed)));
    found.speeds.add(
        new Trace.Line(
            card.device() + ", " + result.burn().label(), Trace.What.SPEED, rates.moments(begin)));
  }

  /** A link is at its best while its card works. */
  private void seen(String device, WorkFacts work) {
    facts.computeIfPresent(device, (_, card) -> card.with(card.link().at(work.link())));
  }

  private WorkFacts work(String device, double from, double to) {
    return reading(device)
        .map(card -> watchman.work(card, from, to))
        .orElseGet(() -> WorkFacts.of(List.of(), Limits.UNKNOWN));
  }

  private Optional<DeviceReading> reading(String device) {
    return Slots.reading(facts.get(device), watchman.latest().gpus());
  }

  /** All memory that is free, and how fast it is read. */
  void walk() throws InterruptedException {
    if (skipped("The walk through memory")) {
      return;
    }
    stage("memory");
    List<Outcome<MemoryFacts>> outcomes =
        AllAtOnce.on(
            tried,
            card ->
                Results.walk(
                    card.trials()
                        .walk(
                            pace.walk(),
                            new Watch<>(
                                sample ->
                                    progress.show(
                                        "%s %s, %.0f %%"
                                            .formatted(
                                                card.device(),
                                                sample.pattern(),
                                                100 * sample.fraction())),
                                watchman::isStopped)),
                    card.readBandwidth()));
    for (Outcome<MemoryFacts> outcome : outcomes) {
      switch (outcome) {
        case Outcome.Done<MemoryFacts>(var card, var memory) ->
            found.figures.addAll(MemoryJudge.judge(facts.get(card.device()), memory));
        case Outcome.Failed<MemoryFacts>(var card, var why) ->
            found.failed(card.device(), "The walk through memory", why);
      }
    }
  }

  /** Each card alone. */
  void copy() {
    for (TriedCard card : tried) {
      for (Copy copy : card.trials().copies()) {
        if (skipped("Copies of %s %s".formatted(card.device(), copy.label()))) {
          continue;
        }
        stage(card.device() + ", copies " + copy.label());
        try {
          copied(card, copy);
        } catch (SoleboxException e) {
          found.failed(card.device(), "Copies " + copy.label(), e);
        }
      }
    }
  }

  private void copied(TriedCard card, Copy copy) {
    double begin = watchman.recorder().seconds();
    CopyFacts result =
        Results.copy(
            card.trials().copy(copy, pace.copy(), new Watch<>(_ -> {}, watchman::isStopped)));
    WorkFacts work = work(card.device(), begin, watchman.recorder().seconds());
    work.link()
        .filter(now -> isBetter(card.device(), now.gigabytes()))
        .ifPresent(_ -> seen(card.device(), work));
    copies.computeIfAbsent(card.device(), _ -> new ArrayList<>()).add(result);
    found.figures.addAll(new CopyJudge().alone(facts.get(card.device()), result));
  }

  private boolean isBetter(String device, double gigabytes) {
    return facts.get(device).link().atWork().filter(was -> was.gigabytes() >= gigabytes).isEmpty();
  }

  /** What the cards have counted of memory errors since before the first trial. */
  void ecc() {
    for (TriedCard card : tried) {
      Optional<DeviceReading> now = reading(card.device());
      List<Figure> figures =
          now.flatMap(
                  after ->
                      watchman
                          .first(after)
                          .map(before -> EccFacts.between(before, after))
                          .map(ecc -> MemoryJudge.judge(facts.get(card.device()), ecc)))
              .orElse(List.of());
      found.figures.addAll(figures);
      if (figures.isEmpty()) {
        found.missing.add(
            "Memory errors of %s: it does not count them, or nobody asks it."
                .formatted(card.device()));
      }
    }
  }

  private boolean skipped(String what) {
    Optional<String> why = watchman.aborted();
    why.ifPresent(reason -> found.missing.add("%s: %s.".formatted(what, reason)));
    return why.isPresent();
  }

  private void stage(String name) {
    watchman.recorder().stage(name);
    progress.stage(name);
  }
}
