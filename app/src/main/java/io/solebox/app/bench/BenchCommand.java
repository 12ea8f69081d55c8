package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.DraftOptions;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.StepProfile;
import io.solebox.engine.backend.Yardstick.Kind;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Measures a model on this machine, against the memory bandwidth of the same minutes. */
@Command(
    name = "bench",
    description = "Measure prefill and decode speed, load time and memory.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
  private static final int WARM_UP_PROMPT = 64;
  private static final int WARM_UP_TOKENS = 16;
  private static final long WARM_UP_NANOS = 500_000_000;
  private static final List<Integer> HTTP_CLIENTS = List.of(1, 8, 64);

  private final Console console;
  private final ModelLocator locator;
  private final SplittableRandom random = new SplittableRandom(1);

  @Spec private CommandSpec spec;

  @Parameters(arity = "0..1", paramLabel = "MODEL", description = "Path or name of a model.")
  private Optional<String> model;

  @Option(names = "-p", paramLabel = "TOKENS", defaultValue = "512", description = "Prompt length.")
  private int promptTokens;

  @Option(
      names = "-n",
      paramLabel = "TOKENS",
      defaultValue = "128",
      description = "Tokens to make.")
  private int newTokens;

  @Option(
      names = "-b",
      paramLabel = "1,8",
      split = ",",
      description =
          "Batch sizes: sequences at once. Default: 1. With --http, clients at once; default:"
              + " 1,8,64.")
  private List<Integer> wishedBatches;

  @Option(
      names = "--at",
      paramLabel = "N,...",
      split = ",",
      description = "Contexts at which decode starts. Default: after the prompt.")
  private List<Integer> contexts;

  @Option(
      names = {"-r", "--repetitions"},
      paramLabel = "N",
      defaultValue = "3",
      description = "Measured repetitions after the warm-up. Default: ${DEFAULT-VALUE}.")
  private int repetitions;

  @Option(
      names = "--bandwidth",
      description =
          "Measure only the device: its memory, its link, its matrix units, its launches and waits;"
              + " takes no model.")
  private boolean bandwidthOnly;

  @Option(
      names = "--synthetic",
      paramLabel = "SHAPE:TYPE",
      completionCandidates = SynthShape.Titles.class,
      description =
          "Random weights made in memory, as in 13b:Q4_K_M, in place of MODEL. Shapes:"
              + " ${COMPLETION-CANDIDATES}.")
  private Optional<String> synthetic;

  @Option(
      names = "--http",
      description =
          "Measure what the server adds to each token of a stream, and how many tokens pass through"
              + " it; takes no model.")
  private boolean http;

  @Option(
      names = "--profile",
      description = "Show where the time of a decode step goes, at each context of --at.")
  private boolean profile;

  @Option(
      names = "--svg",
      paramLabel = "FILE",
      description =
          "Draw the profile at the first context as bars, or with --http the times of tokens as"
              + " curves.")
  private Optional<Path> svg;

  @Option(names = "--json", description = "Print one JSON array, an object per batch size.")
  private boolean json;

  @Mixin private DraftOptions draft;
  @Mixin private EngineOptions engine;

  public BenchCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Integer> starts = contexts == null ? List.of(promptTokens) : contexts;
    List<Integer> batches =
        wishedBatches != null ? wishedBatches : http ? HTTP_CLIENTS : List.of(1);
    check(promptTokens >= 1, "-p", "at least 1");
    check(newTokens >= 2, "-n", "at least 2");
    check(repetitions >= 1, "--repetitions", "at least 1");
    check(batches.stream().allMatch(b -> b >= 1), "-b", "at least 1");
    check(starts.stream().allMatch(c -> c >= 1), "--at", "at least 1");
    check(
        longest(starts) + (long) newTokens <= Integer.MAX_VALUE,
        "-n",
        "small enough that prompt and answer are fewer than 2^31 tokens");
    engine.check();
    checkGuesses(batches);
    check(!http || !bandwidthOnly, "--http", "absent with --bandwidth");
    if (bandwidthOnly) {
      measureYardsticks();
      return 0;
    }
    check(svg.isEmpty() || profile || http, "--svg", "given with --profile or --http");
    check(
        svg.stream().allMatch(f -> Files.isDirectory(f.toAbsolutePath().getParent())),
        "--svg",
        "a file in a folder that is there");
    if (http) {
      measureServer(batches);
      return 0;
    }
    check(synthetic.isEmpty() || model.isEmpty(), "MODEL", "absent with --synthetic");
    BenchTarget target = target();
    if (draft.isGiven()) {
      measureGuesses(target);
      return 0;
    }
    Cost cost;
    try (ModelFile opened = target.open()) {
      target.requireAnswers(opened.info());
      cost = Cost.of(opened.graph());
    }
    var rows = new ArrayList<Map<String, Object>>();
    for (int batch : batches) {
      rows.add(row(target, cost, batch, batch == batches.getFirst(), starts));
    }
    if (json) {
      console.println(Json.text(rows));
    }
    return 0;
  }

  private BenchTarget target() {
    if (synthetic.isEmpty()) {
      return new BenchTarget.File(locator.locate(model));
    }
    try {
      return new BenchTarget.Synthetic(SynthModel.parse(synthetic.get()));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--synthetic: " + e.getMessage());
    }
  }

  /** The longest context at which decode starts. */
  private int longest(List<Integer> starts) {
    return Math.max(promptTokens, starts.stream().max(Integer::compare).orElseThrow());
  }

  private void check(boolean ok, String option, String range) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), option + " must be " + range);
    }
  }

  private void measureYardsticks() {
    check(model.isEmpty(), "MODEL", "absent with --bandwidth");
    try (Engine device = engine.open()) {
      var measured = Yardsticks.measure(device.yardsticks(), EnumSet.allOf(Kind.class));
      if (json) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("device", device.device());
        fields.put("threads", engine.threads());
        fields.putAll(measured.fields());
        console.println(Json.text(fields));
      } else if (measured.of(Kind.READ_BANDWIDTH).isPresent()) {
        measured.lines().forEach(console::println);
      } else {
        console.println(device.device() + " has no measure of its read bandwidth.");
      }
    }
  }

  private void checkGuesses(List<Integer> batches) {
    draft.check();
    check(!draft.isGiven() || batches.equals(List.of(1)), "-b", "1 with --lookup and --draft");
    check(!draft.isGiven() || !profile, "--profile", "absent with --lookup and --draft");
    check(!draft.isGiven() || contexts == null, "--at", "absent with --lookup and --draft");
    check(!draft.isGiven() || !bandwidthOnly, "--bandwidth", "absent with --lookup and --draft");
    check(
        synthetic.isEmpty() || !draft.namesModel(),
        "--draft",
        "absent with --synthetic, whose weights have learned nothing");
  }

  private void measureGuesses(BenchTarget target) throws InterruptedException {
    LoadOptions options = engine.loadOptions(1).withSpeculation(draft.speculation(locator));
    try (Session session = target.session(console, engine, options)) {
      var bench = new GuessBench(session.model(), synthetic.isPresent(), newTokens, repetitions);
      List<GuessBench.Row> rows = bench.run();
      if (json) {
        console.println(Json.text(rows.stream().map(GuessBench.Row::fields).toList()));
      } else {
        console.println(bench.headline());
        rows.forEach(row -> row.lines().forEach(console::println));
      }
    }
  }

  private void measureServer(List<Integer> clients) throws InterruptedException, IOException {
    check(model.isEmpty() && synthetic.isEmpty(), "MODEL", "absent with --http");
    check(
        !profile && !draft.isGiven() && contexts == null,
        "--http",
        "given without --profile, --at, --lookup and --draft");
    check(newTokens <= HttpBench.MOST_TOKENS, "-n", "at most " + HttpBench.MOST_TOKENS);
    int most = clients.stream().max(Integer::compare).orElseThrow();
    check(most <= LoadOptions.MAX_PARALLEL, "-b", "at most " + LoadOptions.MAX_PARALLEL);
    try (var server = new ScriptedServer(most)) {
      HttpReport report =
          new HttpBench(server, HttpBench.Lengths.of(newTokens, repetitions)).run(clients);
      if (json) {
        console.println(Json.text(report.fields()));
      } else {
        report.lines().forEach(console::println);
      }
      svg.ifPresent(file -> LatencyChart.write(file, report.times()));
    }
  }

  private Map<String, Object> row(
      BenchTarget target, Cost cost, int batch, boolean first, List<Integer> starts)
      throws InterruptedException, IOException {
    var options = engine.loadOptions(batch);
    if (options.contextTokens().isEmpty()) {
      options = options.withContext(longest(starts) + newTokens);
    }
    try (Session session = target.session(console, engine, options)) {
      LoadedModel loaded = session.model();
      warmUp(loaded, batch);
      var settings = new BenchSeries.Settings(batch, promptTokens, newTokens, starts);
      var series = new BenchSeries(session, settings, random);
      for (int i = 0; i < repetitions; i++) {
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
      Map<String, Object> fields = report.fields();
      // A step of one token is the same whatever the batch.
      List<ProfileReport> profiles = first ? profiles(session, series, starts) : List.of();
      if (profile && first) {
        fields.put("profile", profiles.isEmpty() ? null : profiles.getFirst().fields());
        fields.put("profiles", profiles.stream().map(ProfileReport::fields).toList());
      }
      if (!json) {
        report.lines().forEach(console::println);
        profiles.forEach(p -> p.lines().forEach(console::println));
      }
      return fields;
    }
  }

  /** Until clocks are up: an idle GPU has a fifth of its own. */
  private void warmUp(LoadedModel loaded, int batch) throws InterruptedException {
    int prompt = Math.min(promptTokens, WARM_UP_PROMPT);
    int answer = Math.min(newTokens, WARM_UP_TOKENS);
    long start = System.nanoTime();
    do {
      BenchRun.measure(loaded, batch, prompt, answer, random);
    } while (System.nanoTime() - start < WARM_UP_NANOS);
  }

  /** One for each context; none where they are not asked for, or the device cannot tell. */
  private List<ProfileReport> profiles(Session session, BenchSeries series, List<Integer> starts)
      throws InterruptedException {
    var reports = new ArrayList<ProfileReport>();
    for (int start : profile ? starts : List.<Integer>of()) {
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
    if (svg.isPresent() && !reports.isEmpty()) {
      String title = session.model().info().name() + ", one step at " + starts.getFirst();
      ProfileChart.write(svg.get(), title, reports.getFirst().profile());
    }
    return reports;
  }
}
