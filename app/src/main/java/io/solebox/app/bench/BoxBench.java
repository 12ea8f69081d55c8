package io.solebox.app.bench;

import io.solebox.app.bench.report.BoxReport;
import io.solebox.app.bench.report.Conditions;
import io.solebox.app.bench.report.Figure;
import io.solebox.app.bench.report.Figure.Point;
import io.solebox.app.bench.report.Quantity;
import io.solebox.app.bench.report.Recorder;
import io.solebox.app.bench.report.Sensed;
import io.solebox.app.bench.report.Spread;
import io.solebox.app.bench.report.Subject;
import io.solebox.app.bench.report.Subject.ModelPart;
import io.solebox.app.bench.report.Trace;
import io.solebox.app.console.Console;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.LoadReport;
import io.solebox.engine.backend.Yardstick.Kind;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.model.ModelInfo;
import io.solebox.hardware.box.MachineBox;
import io.solebox.store.layout.ModelStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * A model on this machine, for a report: over contexts with one client, over clients, and for a
 * while without a rest, with all sensors written down meanwhile.
 */
final class BoxBench implements AutoCloseable {
  private final Console console;
  private final BenchTarget target;
  private final EngineOptions engine;
  private final BoxPlan plan;
  private final ForPlans plans;
  private final Recorder recorder;
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<Figure> figures = new ArrayList<>();
  private final List<Double> loads = new ArrayList<>();
  private final List<Double> bandwidths = new ArrayList<>();
  private final List<SteadyRuns> steady = new ArrayList<>();
  private final List<String> missing = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();
  private final BenchProgress progress;
  private final ModelInfo info;
  private final Cost cost;
  private String device = "";

  /** What a session is opened for. */
  private record Share(List<Point> points, double until, boolean isSteady) {}

  /**
   * @param plans that learn what is measured with one client
   */
  BoxBench(BenchTarget target, BoxPlan plan, Recorder recorder, ForPlans plans) {
    this.console = plans.console();
    this.target = target;
    this.engine = plans.engine();
    this.plans = plans;
    this.recorder = recorder;
    try (ModelFile opened = target.open()) {
      target.requireAnswers(opened.info());
      this.info = opened.info();
      this.cost = Cost.of(opened.graph());
    }
    this.plan = fitted(plan);
    int points = this.plan.ownContexts().size() + this.plan.clients().size();
    this.progress = new BenchProgress(console, 3 + (points + 2) * this.plan.repetitions());
  }

  /**
   * What the model was not trained for, or is not to be loaded for, is left out. A context that is
   * all that it can have gives way to the answer.
   */
  private BoxPlan fitted(BoxPlan wished) {
    int limit = engine.loadOptions(1).contextTokens().orElse(Math.max(1, info.trainedContext()));
    if (limit <= wished.newTokens()) {
      throw new SoleboxException(
          ErrorCode.CONTEXT_LENGTH_EXCEEDED,
          "-n",
          "Answers of %d tokens leave no room for a prompt in %d."
              .formatted(wished.newTokens(), limit),
          "Ask for shorter answers, or a longer --context.");
    }
    int longest = limit - wished.newTokens();
    wished.contexts().stream()
        .filter(each -> each > limit)
        .forEach(
            each ->
                missing.add(
                    "Decode at %d: the model is trained or loaded for %d tokens"
                        .formatted(each, limit)));
    return wished
        .withContexts(
            wished.contexts().stream()
                .filter(each -> each <= limit)
                .map(each -> Math.min(each, longest))
                .toList())
        .withClientPrompt(Math.min(wished.clientPrompt(), longest));
  }

  /** Reads what the model's files hold, which brings them into the page cache, too. */
  List<ModelPart> digests(ModelStore store) {
    recorder.stage("digest");
    progress.step("reading the model");
    return target.digests(store, fraction -> progress.within("reading the model", fraction));
  }

  /** Measures. */
  void run() throws InterruptedException {
    double begin = recorder.seconds();
    double budget = plan.budget().toNanos() / 1e9;
    List<Point> alone = plan.ownContexts().stream().map(each -> new Point(each, 1)).toList();
    List<Point> together =
        plan.clients().stream().map(each -> new Point(plan.clientPrompt(), each)).toList();
    if (!alone.isEmpty()) {
      measure(new Share(alone, begin + 0.5 * budget, false));
    }
    measure(new Share(together, begin + budget, true));
  }

  /** With fewer places where there is no memory for all of them. */
  private void measure(Share share) throws InterruptedException {
    List<Point> points = share.points();
    while (true) {
      try {
        measure(points, share);
        return;
      } catch (SoleboxException e) {
        if (e.code() != ErrorCode.OUT_OF_MEMORY || points.size() == 1) {
          throw e;
        }
        progress.wipe();
        missing.add(points.getLast().of("Decode") + ": " + e.getMessage());
        points = points.subList(0, points.size() - 1);
      }
    }
  }

  private void measure(List<Point> points, Share share) throws InterruptedException {
    recorder.stage("load");
    progress.step("loading");
    progress.wipe();
    Point last = points.getLast();
    LoadOptions options = engine.loadOptions(last.clients());
    if (options.contextTokens().isEmpty()) {
      options = options.withContext(last.context() + plan.newTokens());
    }
    try (Session session = target.session(console, engine, options)) {
      loads.add(session.loadSeconds());
      device = session.model().device();
      recorder.stage(share.isSteady() ? "clients" : "contexts");
      var sweep = new BoxSweep(session, plan, random, progress);
      long until = System.nanoTime() + (long) (1e9 * (share.until() - recorder.seconds()));
      List<PointRuns> runs = sweep.run(points, this::bytesPerToken, until);
      runs.forEach(this::add);
      if (!share.isSteady()) {
        plans.remember(session.model(), cost, runs);
      }
      bandwidths.addAll(sweep.bandwidths());
      if (share.isSteady()) {
        steady(session, runs);
        link(session);
      }
    }
  }

  private double bytesPerToken(Point point) {
    return BenchReport.bytesPerToken(
        cost, engine.kvType(), point.clients(), point.context(), plan.newTokens());
  }

  private void add(PointRuns runs) {
    figures.addAll(runs.figures());
    String what = runs.point().of("Decode");
    int disturbed = runs.timesDisturbed();
    if (runs.count() == 0) {
      missing.add(what + ": there was no time left for it in the " + plan.word() + " pace");
    } else if (runs.count() < plan.repetitions()) {
      notes.add(
          "%s has %d of %d runs: there was no time for more."
              .formatted(what, runs.count(), plan.repetitions()));
    }
    if (disturbed > 0) {
      notes.add(
          "%s was measured again %s, because the read bandwidth changed by more than 15 %% meanwhile: something else was at work."
              .formatted(what, disturbed == 1 ? "once" : disturbed + " times"));
    }
  }

  /** With one client and with the most that were measured. */
  private void steady(Session session, List<PointRuns> runs) throws InterruptedException {
    List<Point> measured =
        runs.stream().filter(each -> each.count() > 0).map(PointRuns::point).toList();
    recorder.stage("without a rest");
    var own = new SteadyRuns(session, plan, random, recorder);
    steady.add(own);
    for (int i = 0; i < plan.repetitions(); i++) {
      for (Point point : Stream.of(measured.getFirst(), measured.getLast()).distinct().toList()) {
        progress.step("without a rest, " + point);
        own.run(point);
      }
    }
  }

  private void link(Session session) {
    var yardsticks = Yardsticks.measure(session.yardsticks(), EnumSet.of(Kind.LINK_BANDWIDTH));
    yardsticks
        .of(Kind.LINK_BANDWIDTH)
        .ifPresent(
            speed -> figures.add(Figure.of(Quantity.LINK_BANDWIDTH, new Spread(List.of(speed)))));
    session
        .model()
        .loadReport()
        .map(LoadReport::uploadBytesPerSecond)
        .filter(Double::isFinite)
        .ifPresent(speed -> figures.add(Figure.of(Quantity.UPLOAD, new Spread(List.of(speed)))));
  }

  /**
   * All of it, once the recorder is closed.
   *
   * @param parts the model's files
   * @param version of Solebox
   */
  BoxReport report(List<ModelPart> parts, String version, String command) {
    List<Recorder.Taken> taken = recorder.taken();
    var sensed = new Sensed(taken, recorder.stages());
    Trace trace = sensed.trace();
    notes.addAll(sensed.heldDown());
    var all = new ArrayList<Figure>();
    all.add(Figure.of(Quantity.LOAD, new Spread(loads)));
    all.addAll(figures);
    if (bandwidths.isEmpty()) {
      missing.add("The share of the read bandwidth: " + device + " has no measure of that");
    } else {
      all.add(Figure.of(Quantity.READ_BANDWIDTH, new Spread(bandwidths)));
    }
    steady.forEach(each -> all.addAll(each.figures(sensed)));
    if (all.stream().noneMatch(each -> each.quantity() == Quantity.TOKENS_PER_JOULE)) {
      missing.add(
          trace.of(Trace.What.POWER).isEmpty()
              ? "Tokens per joule: nothing here tells power"
              : "Tokens per joule: what tells power did not do so often enough");
    }
    return new BoxReport(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        version,
        command,
        new MachineFacts(MachineBox.here(), taken).of(device),
        subject(parts),
        conditions(),
        all,
        trace,
        missing,
        notes);
  }

  private Subject subject(List<ModelPart> parts) {
    Point first =
        Optional.of(plan.contexts())
            .filter(each -> !each.isEmpty())
            .map(each -> new Point(each.getFirst(), 1))
            .orElse(new Point(plan.clientPrompt(), 1));
    return new Subject(
        info.name(),
        info.architecture(),
        info.format(),
        info.parameters(),
        info.fileBytes(),
        info.trainedContext(),
        bytesPerToken(first),
        parts);
  }

  private Conditions conditions() {
    return new Conditions(
        plan.word(),
        engine.threads(),
        engine.kvType().wireName(),
        plan.newTokens(),
        plan.clientPrompt(),
        plan.repetitions(),
        plan.steady().toNanos() / 1e9);
  }

  /** Gives the terminal's line back. */
  @Override
  public void close() {
    progress.close();
  }
}
