package io.solebox.app.bench;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.Engine;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.backend.Yardstick.Kind;
import io.solebox.engine.graph.Cost;
import io.solebox.engine.model.ModelFile;
import io.solebox.engine.source.ModelSource;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
      defaultValue = "1",
      description = "Batch sizes: sequences at once.")
  private List<Integer> batches;

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
          "Measure only the device: its memory, its link, its matrix units; takes no model.")
  private boolean bandwidthOnly;

  @Option(names = "--json", description = "Print one JSON array, an object per batch size.")
  private boolean json;

  @Mixin private EngineOptions engine;

  public BenchCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException, IOException {
    List<Integer> starts = contexts == null ? List.of(promptTokens) : contexts;
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
    if (bandwidthOnly) {
      measureYardsticks();
      return 0;
    }
    Path file = locator.locate(model);
    Cost cost;
    try (var opened = ModelFile.open(file, ModelSource.Access.MAPPED)) {
      cost = Cost.of(opened.graph());
    }
    var rows = new ArrayList<Map<String, Object>>();
    for (int batch : batches) {
      rows.add(row(file, cost, batch, starts));
    }
    if (json) {
      console.println(Json.text(rows));
    }
    return 0;
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

  private Map<String, Object> row(Path file, Cost cost, int batch, List<Integer> starts)
      throws InterruptedException, IOException {
    var options = engine.loadOptions(batch);
    if (options.contextTokens().isEmpty()) {
      options = options.withContext(longest(starts) + newTokens);
    }
    try (var session = Session.open(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      int warmUp = Math.min(promptTokens, WARM_UP_PROMPT);
      BenchRun.measure(loaded, batch, warmUp, Math.min(newTokens, WARM_UP_TOKENS), random);
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
                  session.yardsticks(), EnumSet.complementOf(EnumSet.of(Kind.READ_BANDWIDTH))),
              cost,
              series,
              engine.threads(),
              engine.kvType());
      if (!json) {
        report.lines().forEach(console::println);
      }
      return report.fields();
    }
  }
}
