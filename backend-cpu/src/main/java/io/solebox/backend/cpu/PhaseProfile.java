package io.solebox.backend.cpu;

import io.solebox.engine.backend.StepProfile;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * A walk that notes when each phase begins, which the team asks once, when the one before it is
 * over. A phase's time is the median of several steps.
 */
final class PhaseProfile implements ThreadTeam.Walk {
  private static final double NANOS_PER_MICRO = 1e3;

  private final Step[][] phases;
  private final ThreadTeam.Walk walk;

  /** When each phase began, and behind them when the last one ended. */
  private long[] begun = {};

  private final List<long[]> steps = new ArrayList<>();

  PhaseProfile(Step[][] phases, ThreadTeam.Walk walk) {
    this.phases = phases;
    this.walk = walk;
  }

  void begin() {
    begun = new long[phases.length + 1];
  }

  void end() {
    begun[phases.length] = System.nanoTime();
    steps.add(begun);
  }

  @Override
  public int phases() {
    return walk.phases();
  }

  @Override
  public int units(int phase) {
    begun[phase] = System.nanoTime();
    return walk.units(phase);
  }

  @Override
  public void run(int phase, int unit, int worker) {
    walk.run(phase, unit, worker);
  }

  private double median(int from, int to) {
    double[] sorted =
        steps.stream().mapToDouble(at -> (at[to] - at[from]) / NANOS_PER_MICRO).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  /** All phases of a kind. */
  private record Sum(int count, long bytes, double micros) {
    Sum plus(Sum other) {
      return new Sum(count + other.count, bytes + other.bytes, micros + other.micros);
    }
  }

  StepProfile result() {
    Map<String, Sum> kinds = new LinkedHashMap<>();
    for (int p = 0; p < phases.length; p++) {
      long bytes = Arrays.stream(phases[p]).mapToLong(Step::bytes).sum();
      kinds.merge(kind(phases[p]), new Sum(1, bytes, median(p, p + 1)), Sum::plus);
    }
    List<StepProfile.Phase> found = new ArrayList<>();
    kinds.forEach(
        (kind, sum) ->
            found.add(
                new StepProfile.Phase(
                    kind,
                    sum.count(),
                    sum.bytes(),
                    sum.micros() / sum.count(),
                    OptionalDouble.empty())));
    return new StepProfile(median(0, phases.length), found, Optional.empty());
  }

  private static String kind(Step[] steps) {
    List<String> kinds = Arrays.stream(steps).map(Step::kind).distinct().toList();
    // What is done beside a product takes no time of its own.
    return kinds.stream()
        .filter(kind -> kinds.size() == 1 || !kind.equals(Step.ROWS))
        .collect(Collectors.joining(", "));
  }
}
