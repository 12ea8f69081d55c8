package io.solebox.app;

import io.solebox.engine.Engine;
import io.solebox.engine.LoadedModel;
import io.solebox.engine.gguf.GgufFile;
import io.solebox.engine.model.ModelFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
final class BenchCommand implements Callable<Integer> {
  /**
   * Bandwidths before and after that differ by more make a repetition void: a neighbour is busy.
   */
  private static final double VOID_DIFFERENCE = 0.15;

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
      description = "Measure only the read bandwidth of the device's memory; takes no model.")
  private boolean bandwidthOnly;

  @Option(names = "--json", description = "Print one JSON array, an object per batch size.")
  private boolean json;

  @Mixin private EngineOptions engine;

  BenchCommand(Console console, Environment environment) {
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
    engine.check();
    if (bandwidthOnly) {
      measureBandwidth();
      return 0;
    }
    Path file = locator.locate(model);
    ModelShape shape;
    try (var opened = ModelFile.open(file, GgufFile.Access.MAPPED)) {
      shape = ModelShape.of(opened.graph());
    }
    var rows = new ArrayList<Map<String, Object>>();
    for (int batch : batches) {
      rows.add(row(file, shape, batch, starts));
    }
    if (json) {
      console.println(new Json().write(rows));
    }
    return 0;
  }

  private void check(boolean ok, String option, String range) {
    if (!ok) {
      throw new ParameterException(spec.commandLine(), option + " must be " + range);
    }
  }

  private void measureBandwidth() {
    check(model.isEmpty(), "MODEL", "absent with --bandwidth");
    try (Engine device = engine.open()) {
      OptionalDouble measured = device.readBandwidthBytesPerSecond();
      if (json) {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("device", device.device());
        fields.put("threads", engine.threads());
        fields.put(
            "read_bandwidth_bytes_per_second", measured.isEmpty() ? null : measured.getAsDouble());
        console.println(new Json().write(fields));
      } else if (measured.isPresent()) {
        line("read bandwidth", "%.1f GB/s", measured.getAsDouble() / 1e9);
      } else {
        console.println(device.device() + " has no measure of its read bandwidth.");
      }
    }
  }

  private Map<String, Object> row(Path file, ModelShape shape, int batch, List<Integer> starts)
      throws InterruptedException, IOException {
    int longest = Math.max(promptTokens, starts.stream().max(Integer::compare).orElseThrow());
    var options = engine.loadOptions(batch);
    if (options.contextTokens().isEmpty()) {
      options = options.withContext(longest + newTokens);
    }
    try (var session = Session.open(console, engine, file, options)) {
      LoadedModel loaded = session.model();
      int warmUp = Math.min(promptTokens, WARM_UP_PROMPT);
      BenchRun.measure(loaded, batch, warmUp, Math.min(newTokens, WARM_UP_TOKENS), random);
      var result = new Measured(session);
      for (int i = 0; i < repetitions; i++) {
        result.repeat(batch, starts);
      }
      Map<String, Object> fields = fields(session, shape, batch, starts, result);
      if (!json) {
        print(fields, result, starts);
      }
      return fields;
    }
  }

  /** The repetitions of one batch size. */
  private final class Measured {
    private final Session session;
    private final List<BenchRun> runs = new ArrayList<>();
    private final Map<Integer, List<Double>> decode = new LinkedHashMap<>();
    private final List<Double> bandwidths = new ArrayList<>();
    private long residentBytes;
    private int voided;

    Measured(Session session) {
      this.session = session;
    }

    /** One repetition, once again if a neighbour disturbed it. */
    void repeat(int batch, List<Integer> starts) throws InterruptedException, IOException {
      if (!once(batch, starts)) {
        voided++;
        runs.removeLast();
        decode.values().forEach(List::removeLast);
        once(batch, starts);
      }
    }

    /** Returns whether the bandwidth held. */
    private boolean once(int batch, List<Integer> starts) throws InterruptedException, IOException {
      OptionalDouble before = session.readBandwidth();
      BenchRun run = BenchRun.measure(session.model(), batch, promptTokens, newTokens, random);
      runs.add(run);
      for (int start : starts) {
        double speed =
            start == promptTokens
                ? run.decodeTokensPerSecond()
                : BenchRun.measure(session.model(), batch, start, newTokens, random)
                    .decodeTokensPerSecond();
        decode.computeIfAbsent(start, _ -> new ArrayList<>()).add(speed);
      }
      // Before the bandwidth is read again, whose buffer is not the model's.
      residentBytes = Math.max(residentBytes, ResidentMemory.bytes());
      OptionalDouble after = session.readBandwidth();
      before.ifPresent(bandwidths::add);
      after.ifPresent(bandwidths::add);
      if (before.isEmpty() || after.isEmpty()) {
        return true;
      }
      double difference = Math.abs(before.getAsDouble() - after.getAsDouble());
      return difference <= VOID_DIFFERENCE * Math.max(before.getAsDouble(), after.getAsDouble());
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
  }

  private Map<String, Object> fields(
      Session session, ModelShape shape, int batch, List<Integer> starts, Measured result) {
    LoadedModel loaded = session.model();
    int start = starts.getFirst();
    Optional<Spread> bandwidth = result.bandwidth();
    double read = shape.decodeBytesPerToken(batch, start + newTokens / 2.0, engine.kvType());
    double readPerSecond = read * result.decode(start).median();
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", loaded.info().name());
    fields.put("format", loaded.info().format());
    fields.put("device", loaded.device());
    fields.put("threads", engine.threads());
    fields.put("batch", batch);
    fields.put("load_seconds", session.loadSeconds());
    fields.put("prefill_tokens_per_second", result.prefill().fields());
    fields.put("decode_tokens_per_second", result.decode(start).fields());
    fields.put("time_to_first_token_seconds", result.firstTokenSeconds());
    fields.put("read_bandwidth_bytes_per_second", bandwidth.map(Spread::median).orElse(null));
    fields.put(
        "decode_bandwidth_share", bandwidth.map(b -> readPerSecond / b.median()).orElse(null));
    fields.put("decode_bytes_per_token", read);
    fields.put("resident_bytes", result.residentBytes);
    fields.put("prompt_tokens", promptTokens);
    fields.put("new_tokens", newTokens);
    fields.put("kv_type", engine.kvType().wireName());
    fields.put("context", loaded.contextTokens());
    fields.put("read_bandwidth", bandwidth.map(Spread::fields).orElse(null));
    fields.put("void_repetitions", result.voided);
    fields.put("decode_at", starts.stream().map(at -> decodeAt(at, result)).toList());
    return fields;
  }

  private static Map<String, Object> decodeAt(int start, Measured result) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("context", start);
    fields.put("decode_tokens_per_second", result.decode(start).fields());
    return fields;
  }

  private void print(Map<String, Object> fields, Measured result, List<Integer> starts) {
    console.println(
        "%s, %s, batch %s"
            .formatted(fields.get("model"), fields.get("device"), fields.get("batch")));
    line("load", "%.2f s", fields.get("load_seconds"));
    line("prefill of " + promptTokens, "%s tokens/s", result.prefill().text());
    for (int start : starts) {
      line("decode at " + start, "%s tokens/s", result.decode(start).text());
    }
    line("first token", "%.3f s", fields.get("time_to_first_token_seconds"));
    result
        .bandwidth()
        .ifPresent(
            bandwidth -> {
              line("read bandwidth", "%.1f GB/s", bandwidth.median() / 1e9);
              double share = (double) fields.get("decode_bandwidth_share");
              line("decode's share of it", "%.0f %%", 100 * share);
            });
    line("resident memory", "%s", Units.bytes(result.residentBytes));
    if (result.voided > 0) {
      line("void repetitions", "%d (the bandwidth changed meanwhile)", result.voided);
    }
  }

  private void line(String name, String format, Object value) {
    String padded = String.format(Locale.ROOT, "%-24s", name);
    console.println("  " + padded + String.format(Locale.ROOT, format, value));
  }
}
