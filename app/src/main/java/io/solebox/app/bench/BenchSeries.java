package io.solebox.app.bench;

import io.solebox.app.bench.report.Spread;
import io.solebox.app.session.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Repetitions of one batch size, each between two looks at the bandwidth. */
final class BenchSeries {
  private final Session session;
  private final Settings settings;
  private final SplittableRandom random;
  private final List<BenchRun> runs = new ArrayList<>();
  private final Map<Integer, List<Double>> decode = new LinkedHashMap<>();
  private final List<Double> bandwidths = new ArrayList<>();
  private long residentBytes;
  private int voided;

  /**
   * What each repetition does.
   *
   * @param batch sequences at once
   * @param starts contexts at which decode starts, at least one
   */
  record Settings(int batch, int promptTokens, int newTokens, List<Integer> starts) {}

  BenchSeries(Session session, Settings settings, SplittableRandom random) {
    this.session = session;
    this.settings = settings;
    this.random = random;
  }

  Settings settings() {
    return settings;
  }

  /** One repetition, once again if a neighbour disturbed it. */
  void repeat() throws InterruptedException, IOException {
    if (!once()) {
      voided++;
      runs.removeLast();
      decode.values().forEach(List::removeLast);
      once();
    }
  }

  /** Returns whether the bandwidth held. */
  private boolean once() throws InterruptedException, IOException {
    OptionalDouble before = Around.read(session);
    BenchRun run = run(settings.promptTokens());
    runs.add(run);
    for (int start : settings.starts()) {
      BenchRun from = start == settings.promptTokens() ? run : run(start);
      decode.computeIfAbsent(start, _ -> new ArrayList<>()).add(from.decodeTokensPerSecond());
    }
    // Before the bandwidth is read again, whose buffer is not the model's.
    residentBytes = Math.max(residentBytes, ResidentMemory.bytes());
    var around = new Around(before, Around.read(session));
    bandwidths.addAll(around.values());
    return around.held();
  }

  private BenchRun run(int promptTokens) throws InterruptedException {
    return BenchRun.measure(
        session.model(), settings.batch(), promptTokens, settings.newTokens(), random);
  }

  Spread prefill() {
    return new Spread(runs.stream().map(BenchRun::prefillTokensPerSecond).toList());
  }

  Spread decode(int start) {
    return new Spread(decode.get(start));
  }

  double firstTokenSeconds() {
    return new Spread(runs.stream().map(BenchRun::firstTokenSeconds).toList()).median();
  }

  /** Empty on a device that has no such measure. */
  Optional<Spread> bandwidth() {
    return bandwidths.isEmpty() ? Optional.empty() : Optional.of(new Spread(bandwidths));
  }

  long residentBytes() {
    return residentBytes;
  }

  /** Repetitions that were thrown away. */
  int voided() {
    return voided;
  }
}
