package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.Session;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.api.LoadedModel;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** How well a model foretells a text. */
@Command(
    name = "perplexity",
    description =
        "Measure how well a model foretells a text: perplexity, and bits per byte, which models of"
            + " other vocabularies can be compared by. The lower, the better.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PerplexityCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;

  @Parameters(arity = "1", paramLabel = "MODEL", description = "Path or name of a model.")
  private String model;

  @Mixin private QualityOptions options;

  @Mixin private EngineOptions engine;

  public PerplexityCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    options.check(engine.loadOptions(1));
    Path file = locator.locate(Optional.of(model));
    SampleText text = options.text(console);
    long start = System.nanoTime();
    LoadOptions load = options.load(engine.loadOptions(1));
    try (var session = Session.openToAnswer(console, engine, file, load)) {
      LoadedModel loaded = session.model();
      Chunks chunks =
          Chunks.of(text.text(), loaded.tokenizer(), options.wish(engine.loadOptions(1)));
      Perplexity perplexity = measure(loaded, chunks);
      report(loaded, new Read(text, chunks), perplexity, (System.nanoTime() - start) / 1e9);
    }
    return 0;
  }

  private Perplexity measure(LoadedModel loaded, Chunks chunks) throws InterruptedException {
    var perplexity = new Perplexity();
    try (var progress = new ChunkProgress(console, chunks.count())) {
      for (int i = 0; i < chunks.count(); i++) {
        perplexity.add(loaded, chunks.get(i));
        progress.show(i + 1, perplexity.curve());
      }
    }
    return perplexity;
  }

  /** What was scored. */
  private record Read(SampleText text, Chunks chunks) {}

  private void report(LoadedModel loaded, Read read, Perplexity perplexity, double seconds) {
    if (options.json()) {
      console.println(Json.text(fields(loaded, read, perplexity, seconds)));
    } else {
      print(loaded, read, perplexity, seconds);
    }
    // The numbers first: a drawing may fail.
    options
        .svg()
        .ifPresent(
            svg ->
                CurveChart.write(
                    svg,
                    loaded.info().name() + ": perplexity " + perplexity.curve().latest(),
                    "perplexity of the tokens so far, and its standard error",
                    perplexity.curve()));
  }

  private void print(LoadedModel loaded, Read read, Perplexity perplexity, double seconds) {
    console.println("perplexity     " + perplexity.curve().latest());
    console.println("bits per byte  %s".formatted(Curve.rounded(perplexity.bitsPerByte())));
    console.error(options.describe(read.text(), read.chunks()));
    console.errorFaint(
        String.format(
            Locale.ROOT,
            "%s, %s: %.1f s with the load",
            loaded.info().format(),
            loaded.device(),
            seconds));
  }

  private Map<String, Object> fields(
      LoadedModel loaded, Read read, Perplexity perplexity, double seconds) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("model", loaded.info().name());
    fields.put("format", loaded.info().format());
    fields.put("device", loaded.device());
    fields.putAll(options.fields(read.text(), read.chunks()));
    fields.put("perplexity", perplexity.value());
    fields.put("perplexity_standard_error", perplexity.standardError());
    fields.put("nats_per_token", perplexity.meanSurprise());
    fields.put("nats_per_token_standard_error", perplexity.meanSurpriseError());
    fields.put("scored_bytes", perplexity.bytes());
    fields.put("bits_per_byte", perplexity.bitsPerByte());
    fields.put("seconds", seconds);
    return fields;
  }
}
