package io.solebox.app.bench;

import io.solebox.app.bench.report.Figure;
import io.solebox.app.bench.report.Figure.Point;
import io.solebox.app.bench.report.Quantity;
import io.solebox.app.bench.report.Recorder;
import io.solebox.app.bench.report.Sensed;
import io.solebox.app.bench.report.Spread;
import io.solebox.app.session.Session;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;

/**
 * Answers one after the other without a rest, for as long as power takes to be told: what is drawn
 * meanwhile is held against the tokens that were made, those of prompts not counted.
 */
final class SteadyRuns {
  private final Session session;
  private final BoxPlan plan;
  private final SplittableRandom random;
  private final Recorder recorder;
  private final List<Window> windows = new ArrayList<>();

  /** From one second of the recorder to another. */
  private record Window(Point point, double from, double to, long tokens) {}

  SteadyRuns(Session session, BoxPlan plan, SplittableRandom random, Recorder recorder) {
    this.session = session;
    this.plan = plan;
    this.random = random;
    this.recorder = recorder;
  }

  /** One window, of whole answers. */
  void run(Point point) throws InterruptedException {
    double from = recorder.seconds();
    double end = from + plan.steady().toNanos() / 1e9;
    long tokens = 0;
    do {
      BenchRun.measure(session.model(), point.clients(), point.context(), plan.newTokens(), random);
      tokens += (long) point.clients() * plan.newTokens();
    } while (recorder.seconds() < end);
    windows.add(new Window(point, from, recorder.seconds(), tokens));
  }

  /** Once the recorder has written all down. */
  List<Figure> figures(Sensed sensed) {
    var figures = new ArrayList<Figure>();
    windows.stream().map(Window::point).distinct().forEach(at -> add(figures, at, sensed));
    return figures;
  }

  private void add(List<Figure> figures, Point point, Sensed sensed) {
    List<Window> own = windows.stream().filter(each -> each.point().equals(point)).toList();
    figures.add(
        Figure.at(
            point,
            Quantity.STEADY,
            new Spread(own.stream().map(w -> w.tokens() / (w.to() - w.from())).toList())));
    var watts = new LinkedHashMap<String, List<Double>>();
    var perJoule = new LinkedHashMap<String, List<Double>>();
    for (Window window : own) {
      sensed.watts(window.from(), window.to()).forEach((name, value) -> add(watts, name, value));
      recorder
          .drawn(window.from(), window.to())
          .ifPresent(drawn -> add(perJoule, drawn.by().words(), window.tokens() / drawn.joules()));
    }
    figures.addAll(all(Quantity.WATTS, point, watts));
    figures.addAll(all(Quantity.TOKENS_PER_JOULE, point, perJoule));
  }

  private static void add(Map<String, List<Double>> all, String name, double value) {
    all.computeIfAbsent(name, _ -> new ArrayList<>()).add(value);
  }

  private static List<Figure> all(Quantity quantity, Point point, Map<String, List<Double>> by) {
    return by.entrySet().stream()
        .map(
            each ->
                new Figure(
                    quantity, Optional.of(point), each.getKey(), new Spread(each.getValue())))
        .toList();
  }
}
