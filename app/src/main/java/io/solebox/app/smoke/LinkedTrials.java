package io.solebox.app.smoke;

import io.solebox.engine.backend.trial.Copy;
import io.solebox.engine.backend.trial.CopyResult;
import io.solebox.engine.backend.trial.LinkTrials;
import io.solebox.engine.backend.trial.ReduceResult;
import io.solebox.engine.backend.trial.Watch;
import io.solebox.engine.error.SoleboxException;
import io.solebox.hardware.smoke.CardFacts;
import io.solebox.hardware.smoke.CopyFacts;
import io.solebox.hardware.smoke.CopyJudge;
import io.solebox.hardware.smoke.PeerFacts;
import io.solebox.hardware.smoke.PeerJudge;
import io.solebox.hardware.smoke.SmokeReport.Curve;
import io.solebox.hardware.smoke.SmokeReport.Place;
import io.solebox.hardware.smoke.Unit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What several cards are tried with together. */
final class LinkedTrials {
  private final LinkTrials links;
  private final List<String> devices;
  private final Map<String, CardFacts> facts;
  private final SmokePace pace;
  private final Watchman watchman;
  private final SmokeProgress progress;
  private final Found found;
  private final List<PeerFacts> pairs = new ArrayList<>();

  /**
   * @param devices their names by places
   */
  LinkedTrials(
      LinkTrials links,
      List<String> devices,
      Map<String, CardFacts> facts,
      SmokePace pace,
      Watchman watchman,
      SmokeProgress progress,
      Found found) {
    this.links = links;
    this.devices = List.copyOf(devices);
    this.facts = facts;
    this.pace = pace;
    this.watchman = watchman;
    this.progress = progress;
    this.found = found;
  }

  /**
   * All of it.
   *
   * @param alone what each card's copies reached by themselves
   */
  void run(Map<String, List<CopyFacts>> alone) {
    for (Copy copy : links.copies()) {
      tried("Copies of all at once, " + copy.label(), () -> copied(copy, alone));
    }
    tried("Copies between cards", this::peers);
    TreeSet<Integer> counts = new TreeSet<>(List.of(2, Math.min(4, links.size()), links.size()));
    for (int count : counts) {
      tried("Sums over %d cards".formatted(count), () -> reduce(count));
    }
    links.notes().forEach(found.notes::add);
  }

  private void tried(String what, Runnable trial) {
    Optional<String> why = watchman.aborted();
    if (why.isPresent()) {
      found.missing.add("%s: %s.".formatted(what, why.get()));
      return;
    }
    watchman.recorder().stage(what);
    progress.stage(what);
    try {
      trial.run();
    } catch (SoleboxException e) {
      found.failed(String.join(", ", devices), what, e);
    }
  }

  private void copied(Copy copy, Map<String, List<CopyFacts>> alone) {
    List<CopyResult> results =
        links.copy(copy, pace.copy(), new Watch<>(_ -> {}, watchman::isStopped));
    for (int i = 0; i < results.size(); i++) {
      CopyFacts together = Results.copy(results.get(i));
      String device = devices.get(i);
      alone.getOrDefault(device, List.of()).stream()
          .filter(each -> each.way().equals(together.way()) && each.pinned() == together.pinned())
          .findFirst()
          .ifPresent(
              own -> found.figures.add(new CopyJudge().atOnce(facts.get(device), own, together)));
    }
  }

  private void peers() {
    links
        .peers(
            new Watch<>(
                pair -> progress.show(devices.get(pair.from()) + " to " + devices.get(pair.to())),
                watchman::isStopped))
        .forEach(pair -> pairs.add(Results.peer(pair, devices)));
    PeerJudge judge = new PeerJudge(facts);
    pairs.forEach(pair -> found.figures.addAll(judge.judge(pair)));
  }

  private void reduce(int count) {
    List<Integer> members = IntStream.range(0, count).boxed().toList();
    List<ReduceResult> results = new ArrayList<>();
    for (long bytes : pace.sums()) {
      links.allReduce(members, bytes, watchman::isStopped).ifPresent(results::add);
    }
    if (results.isEmpty()) {
      found.missing.add("Sums over %d cards: none could be measured.".formatted(count));
      return;
    }
    found.curves.add(
        new Curve(
            "Sum over %d cards, bus bandwidth".formatted(count),
            "bytes",
            Unit.BYTES_PER_SECOND,
            results.stream().map(each -> new Place(each.bytes(), each.busBandwidth())).toList()));
    ReduceResult largest = results.getLast();
    found.figures.add(
        PeerJudge.reduce(members.stream().map(devices::get).toList(), largest.busBandwidth(), pairs)
            .because(List.of("It goes " + largest.way() + ".")));
  }
}
