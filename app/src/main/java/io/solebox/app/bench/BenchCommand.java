package io.solebox.app.bench;

import io.solebox.app.bench.report.Comparison;
import io.solebox.app.bench.report.ReportFile;
import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.DraftOptions;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** Measures a model on this machine, against the memory bandwidth of the same minutes. */
@Command(
    name = "bench",
    description = "Measure prefill and decode speed, load time and memory.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class BenchCommand implements Callable<Integer> {
  private static final List<Integer> HTTP_CLIENTS = List.of(1, 8, 64);

  /** What else can be said where only the server is measured, and where only the device is. */
  private static final Set<String> HTTP_OPTIONS =
      Set.of("-n", "-b", "--repetitions", "--svg", "--json");

  private static final Set<String> DEVICE_OPTIONS = Set.of("--device", "--threads", "--json");

  private final Console console;
  private final Environment environment;
  private final ModelLocator locator;
  private final Reporting reporting;

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

  @Option(
      names = "--json",
      description =
          "Print one JSON array, an object per batch size; with --report and --compare one object.")
  private boolean json;

  @Mixin private ReportOptions reports;
  @Mixin private DraftOptions draft;
  @Mixin private EngineOptions engine;

  /**
   * @param version of Solebox
   */
  public BenchCommand(Console console, Environment environment, String version) {
    this.console = console;
    this.environment = environment;
    this.reporting = new Reporting(console, environment, version);
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    checkNumbers();
    engine.check();
    check(
        !reports.hasPace() || reports.report().isPresent(),
        "--quick or --full",
        "given with --report");
    check(
        svg.stream().allMatch(f -> Files.isDirectory(f.toAbsolutePath().getParent())),
        "--svg",
        "a file in a folder that is there");
    if (!reports.compared().isEmpty()) {
      refuseOthers("--compare", Set.of("--report", "--json"));
      compare();
    } else if (bandwidthOnly) {
      refuseOthers("--bandwidth", DEVICE_OPTIONS);
      new DeviceBench(console, engine, json).run();
    } else if (http) {
      refuseOthers("--http", HTTP_OPTIONS);
      measureServer();
    } else {
      measureTarget();
    }
    return 0;
  }

  private void compare() {
    check(reports.compared().size() == 2, "--compare", "given once, with two files");
    Optional<ReportFile> file =
        reports.report().map(ReportFile::at).map(to -> to.besides(reports.compared()));
    Comparison shown = reporting.compare(reports.compared(), json);
    file.ifPresent(to -> reporting.write(to, shown));
  }

  private void measureServer() throws InterruptedException, IOException {
    check(newTokens <= HttpBench.MOST_TOKENS, "-n", "at most " + HttpBench.MOST_TOKENS);
    int most = batches().stream().max(Integer::compare).orElseThrow();
    check(most <= LoadOptions.MAX_PARALLEL, "-b", "at most " + LoadOptions.MAX_PARALLEL);
    var lengths = HttpBench.Lengths.of(newTokens, repetitions);
    HttpReport report = new ServerBench(console, lengths, json).run(batches(), most);
    svg.ifPresent(file -> LatencyChart.write(file, report.times()));
  }

  private void measureTarget() throws InterruptedException, IOException {
    check(svg.isEmpty() || profile, "--svg", "given with --profile or --http");
    check(synthetic.isEmpty() || model.isEmpty(), "MODEL", "absent with --synthetic");
    draft.check();
    if (reports.report().isPresent()) {
      check(!draft.isGiven(), "--lookup or --draft", "absent with --report");
      check(!profile, "--profile", "absent with --report");
      List<String> words = spec.commandLine().getParseResult().originalArgs();
      reporting.make(target(), engine, plan(), reports.report().get(), json, words);
    } else if (draft.isGiven()) {
      checkGuesses();
      measureGuesses(target());
    } else {
      measureModel(target(), batches(), starts());
    }
  }

  /** What was asked for in place of what a pace has. */
  private BoxPlan plan() {
    BoxPlan plan = reports.plan();
    if (contexts != null) {
      plan = plan.withContexts(contexts);
    }
    if (wishedBatches != null) {
      plan = plan.withClients(wishedBatches);
    }
    ParseResult given = spec.commandLine().getParseResult();
    if (given.hasMatchedOption("-n")) {
      plan = plan.withNewTokens(newTokens);
    }
    if (given.hasMatchedOption("-p")) {
      plan = plan.withClientPrompt(promptTokens);
    }
    return given.hasMatchedOption("-r") ? plan.withRepetitions(repetitions) : plan;
  }

  private List<Integer> batches() {
    return wishedBatches != null ? wishedBatches : http ? HTTP_CLIENTS : List.of(1);
  }

  private List<Integer> starts() {
    return contexts == null ? List.of(promptTokens) : contexts;
  }

  private void checkNumbers() {
    check(promptTokens >= 1, "-p", "at least 1");
    check(newTokens >= 2, "-n", "at least 2");
    check(repetitions >= 1, "--repetitions", "at least 1");
    check(batches().stream().allMatch(b -> b >= 1), "-b", "at least 1");
    check(starts().stream().allMatch(c -> c >= 1), "--at", "at least 1");
    int longest = Math.max(promptTokens, starts().stream().max(Integer::compare).orElseThrow());
    check(
        longest + (long) newTokens <= Integer.MAX_VALUE,
        "-n",
        "small enough that prompt and answer are fewer than 2^31 tokens");
  }

  /** An option that changes nothing of what is measured is refused, not overlooked. */
  private void refuseOthers(String measure, Set<String> taken) {
    ParseResult given = spec.commandLine().getParseResult();
    given.matchedOptions().stream()
        .map(OptionSpec::longestName)
        .filter(name -> !name.equals(measure) && !taken.contains(name))
        .findFirst()
        .ifPresent(name -> check(false, name, "absent with " + measure));
    check(model.isEmpty(), "MODEL", "absent with " + measure);
  }

  private void measureModel(BenchTarget target, List<Integer> batches, List<Integer> starts)
      throws InterruptedException, IOException {
    var settings = new ModelBench.Settings(promptTokens, newTokens, starts, repetitions);
    var bench = new ModelBench(target, settings, new ForPlans(console, environment, engine));
    var rows = new ArrayList<Map<String, Object>>();
    for (int batch : batches) {
      // A step of one token is the same whatever the batch.
      boolean profiled = profile && rows.isEmpty();
      ModelBench.Result result = bench.measure(batch, profiled);
      rows.add(result.fields());
      if (!json) {
        result.lines().forEach(console::println);
      }
      if (profiled) {
        svg.ifPresent(file -> result.draw(file));
      }
    }
    if (json) {
      console.println(Json.text(rows));
    }
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

  private void check(boolean ok, String option, String range) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), option + " must be " + range);
    }
  }

  private void checkGuesses() {
    check(batches().equals(List.of(1)), "-b", "1 with --lookup and --draft");
    Set<String> given =
        spec.commandLine().getParseResult().matchedOptions().stream()
            .map(OptionSpec::longestName)
            .collect(Collectors.toSet());
    for (String name : List.of("--profile", "--at", "-p")) {
      check(!given.contains(name), name, "absent with --lookup and --draft");
    }
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
}
