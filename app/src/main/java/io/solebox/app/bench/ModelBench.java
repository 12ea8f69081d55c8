package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.Yardstick.Kind;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;

/** Prefill and decode of a model, with one batch size after the other. */
final class ModelBench {
  private final Console console;
  private final BenchTarget target;
  private final EngineOptions engine;
  private final Settings settings;
  private final ForPlans plans;
  private final Cost cost;
  private final SplittableRandom random = new SplittableRandom(1);

  /**
   * What is measured with every batch size.
   *
   * @param promptTokens of a sequence whose prefill is measured
   * @param newTokens of each sequence
   * @param starts contexts at which decode starts, at least one
   * @param repetitions after the warm-up
   */
  record Settings(int promptTokens, int newTokens, List<Integer> starts, int repetitions) {
    /** Tokens of the longest sequence. */
    int longest() {
      return Math.max(promptTokens, starts.stream().max(Integer::compare).orElseThrow())
          + newTokens;
    }
  }

  /**
   * What was measured with one batch size.
   *
   * @param fields for programs
   * @param lines for people
   * @param profiles of the contexts, where they were asked for and the device can tell
   */
  record Result(
      String model, Map<String, Object> fields, List<String> lines, List<ProfileReport> profiles) {
    /** Draws the first profile, where there is one. */
    void draw(Path file) {
      profiles.stream()
          .findFirst()
          .ifPresent(
              first ->
                  ProfileChart.write(
                      file, model + ", one step at " + first.position(), first.profile()));
    }
  }

  /**
   * @param plans that learn what is measured with a batch of one
   */
  ModelBench(BenchTarget target, Settings settings, ForPlans plans) {
    this.console = plans.console();
    this.target = target;
    this.engine = plans.engine();
    this.plans = plans;
    this.settings = settings;
    try (ModelFile opened = target.open()) {
      target.requireAnswers(opened.info());
      this.cost = Cost.of(opened.graph());
    }
  }

  /** Loads the model for so many sequences at once, and measures it. */
  Result measure(int batch, boolean profile) throws InterruptedException, IOException {
    LoadOptions options = engine.loadOptions(batch);
    if (options.contextTokens().isEmpty()) {
      options = options.withContext(settings.longest());
    }
    try (Session session = target.session(console, engine, options)) {
      BenchRun.warmUp(
          session.model(), batch, settings.promptTokens(), settings.newTokens(), random);
      var each =
          new BenchSeries.Settings(
              batch, settings.promptTokens(), settings.newTokens(), settings.starts());
      var series = new BenchSeries(session, each, random);
      for (int i = 0; i < settings.repetitions(); i++) {
        series.repeat();
      }
      var report =
          new BenchReport(
              session,
              // Each repetition measures the read bandwidth for itself.
              Yardsticks.measure(
                  session.yardsticks(), EnumSet.of(Kind.LINK_BANDWIDTH, Kind.MATRIX_FLOPS)),
              cost,
              series,
              engine.threads(),
              engine.kvType());
      if (batch == 1) {
        plans.remember(session.model(), report.decodeSeen(), report.prefillSeen());
      }
      Map<String, Object> fields = report.fields();
      List<String> lines = report.lines();
      List<ProfileReport> profiles = profile ? profiles(session, series) : List.of();
      if (profile) {
        fields.put("profile", profiles.isEmpty() ? null : profiles.getFirst().fields());
        fields.put("profiles", profiles.stream().map(ProfileReport::fields).toList());
        profiles.forEach(found -> lines.addAll(found.lines()));
      }
      return new Result(session.model().info().name(), fields, lines, profiles);
    }
  }

  /** One for each context; none where the device cannot tell. */
  private List<ProfileReport> profiles(Session session, BenchSeries series)
      throws InterruptedException {
    var reports = new ArrayList<ProfileReport>();
    for (int start : settings.starts()) {
      Optional<StepProfile> found = session.model().profile(start);
      if (found.isEmpty()) {
        console.error(
            "note: " + session.model().device() + " cannot say where a step's time goes.");
        return List.of();
      }
      OptionalDouble bandwidth =
          series.bandwidth().map(b -> OptionalDouble.of(b.median())).orElse(OptionalDouble.empty());
      reports.add(new ProfileReport(start, found.get(), bandwidth));
    }
    return reports;
  }
}
