package io.solebox.app.bench;

import io.solebox.app.bench.report.Figure;
import io.solebox.app.bench.report.Figure.Point;
import io.solebox.app.bench.report.Quantity;
import io.solebox.app.bench.report.Spread;
import io.solebox.planner.measured.Seen;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/** The runs at one place, each with the bandwidth around it. */
final class PointRuns {
  private final Point point;
  private final double bytesPerToken;
  private final List<BenchRun> runs = new ArrayList<>();
  private final List<OptionalDouble> bandwidths = new ArrayList<>();
  private int disturbed;

  /**
   * @param bytesPerToken that decode reads there
   */
  PointRuns(Point point, double bytesPerToken) {
    this.point = point;
    this.bytesPerToken = bytesPerToken;
  }

  void add(BenchRun run, Around around) {
    runs.add(run);
    bandwidths.add(around.mean());
  }

  /** One was thrown away. */
  void disturbed() {
    disturbed++;
  }

  int timesDisturbed() {
    return disturbed;
  }

  Point point() {
    return point;
  }

  int count() {
    return runs.size();
  }

  List<Figure> figures() {
    var figures = new ArrayList<Figure>();
    add(figures, Quantity.DECODE, values(BenchRun::decodeTokensPerSecond));
    add(figures, Quantity.PREFILL, values(BenchRun::prefillTokensPerSecond));
    add(figures, Quantity.FIRST_TOKEN, values(BenchRun::firstTokenSeconds));
    var shares = new ArrayList<Double>();
    for (int i = 0; i < runs.size(); i++) {
      double read = bytesPerToken * runs.get(i).decodeTokensPerSecond();
      bandwidths.get(i).ifPresent(bandwidth -> shares.add(read / bandwidth));
    }
    add(figures, Quantity.BANDWIDTH_SHARE, shares);
    return figures;
  }

  /** What decode reads here, for a plan; none where nothing was decoded. */
  List<Seen> decodeSeen() {
    return seen(bytesPerToken, values(BenchRun::decodeTokensPerSecond));
  }

  /**
   * What prompts compute here, for a plan.
   *
   * @param flops of a token
   */
  List<Seen> prefillSeen(double flops) {
    return seen(flops, values(BenchRun::prefillTokensPerSecond));
  }

  private static List<Seen> seen(double each, List<Double> values) {
    List<Double> sound = sound(values);
    return sound.isEmpty() ? List.of() : List.of(BenchReport.seen(each, new Spread(sound)));
  }

  private List<Double> values(ToDoubleFunction<BenchRun> value) {
    return runs.stream().map(run -> value.applyAsDouble(run)).toList();
  }

  /**
   * Where the first of several had its answer before the last began, nothing was decoded by all.
   */
  private void add(List<Figure> figures, Quantity quantity, List<Double> values) {
    List<Double> sound = sound(values);
    if (!sound.isEmpty()) {
      figures.add(Figure.at(point, quantity, new Spread(sound)));
    }
  }

  private static List<Double> sound(List<Double> values) {
    return values.stream().filter(v -> Double.isFinite(v) && v > 0).toList();
  }
}
