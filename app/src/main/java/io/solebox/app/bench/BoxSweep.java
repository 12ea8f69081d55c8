package io.solebox.app.bench;

import io.solebox.app.bench.report.Figure.Point;
import io.solebox.app.session.Session;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * Runs at several places with one loaded model, round by round, so that a machine that warms up
 * does so for all of them alike. What would take longer than there is time for is left out.
 */
final class BoxSweep {
  private final Session session;
  private final BoxPlan plan;
  private final SplittableRandom random;
  private final BenchProgress progress;
  private final Map<Point, PointRuns> runs = new HashMap<>();
  private final Map<Point, Double> took = new HashMap<>();
  private final List<Double> bandwidths = new ArrayList<>();
  private OptionalDouble bandwidth = OptionalDouble.empty();
  private double secondsPerToken;

  BoxSweep(Session session, BoxPlan plan, SplittableRandom random, BenchProgress progress) {
    this.session = session;
    this.plan = plan;
    this.random = random;
    this.progress = progress;
  }

  /**
   * Measures.
   *
   * @param bytesPerToken that decode reads at a place
   * @param until a time of {@link System#nanoTime}
   */
  List<PointRuns> run(List<Point> points, ToDoubleFunction<Point> bytesPerToken, long until)
      throws InterruptedException {
    points.forEach(each -> runs.put(each, new PointRuns(each, bytesPerToken.applyAsDouble(each))));
    int most = points.getLast().clients();
    BenchRun.warmUp(session.model(), most, plan.clientPrompt(), plan.newTokens(), random);
    read();
    for (int round = 0; round < plan.repetitions(); round++) {
      for (Point point : points) {
        boolean isFirst = round == 0 && point.equals(points.getFirst());
        progress.step(point.toString());
        if (isFirst || System.nanoTime() + 1e9 * predicted(point) <= until) {
          repeat(point);
        }
      }
    }
    return points.stream().map(runs::get).toList();
  }

  /** Read bandwidths in their order. */
  List<Double> bandwidths() {
    return List.copyOf(bandwidths);
  }

  /** As it took the last time, or as far as tokens went before: longer prompts take longer each. */
  private double predicted(Point point) {
    double known = took.getOrDefault(point, 0.0);
    return known > 0 ? known : 1.3 * secondsPerToken * tokens(point);
  }

  private double tokens(Point point) {
    return (double) point.clients() * (point.context() + plan.newTokens());
  }

  /** Once more where a neighbour disturbed it. */
  private void repeat(Point point) throws InterruptedException {
    long start = System.nanoTime();
    PointRuns all = runs.get(point);
    OptionalDouble before = bandwidth;
    BenchRun run = once(point);
    read();
    var around = new Around(before, bandwidth);
    if (!around.held()) {
      all.disturbed();
      before = bandwidth;
      run = once(point);
      read();
      around = new Around(before, bandwidth);
    }
    all.add(run, around);
    double seconds = (System.nanoTime() - start) / 1e9;
    took.put(point, seconds);
    secondsPerToken = seconds / tokens(point);
  }

  private BenchRun once(Point point) throws InterruptedException {
    return BenchRun.measure(
        session.model(), point.clients(), point.context(), plan.newTokens(), random);
  }

  private void read() {
    bandwidth = Around.read(session);
    bandwidth.ifPresent(bandwidths::add);
  }
}
