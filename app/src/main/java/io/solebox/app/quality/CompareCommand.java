package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.quality.ModelPair.Side;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.backend.KvType;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** How far one model, format or device is from another. */
@Command(
    name = "compare",
    description =
        "Measure how far a second model is from a first over the same text: a quantized file from"
            + " the one it was made of, or one file on two devices.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class CompareCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;
  private final Environment environment;

  @Parameters(
      index = "0",
      paramLabel = "A",
      description = "Path or name of the model that counts as right.")
  private String first;

  @Parameters(index = "1", paramLabel = "B", description = "Path or name of the other; may be A.")
  private String second;

  @Mixin private QualityOptions options;

  @Option(
      names = "--device-b",
      paramLabel = "DEVICE",
      description = "What computes B. Default: what computes A, as --device says.")
  private Optional<String> deviceB;

  @Option(
      names = "--kv-type-b",
      paramLabel = "TYPE",
      description = "How keys and values of B are stored. Default: as those of A.")
  private Optional<KvType> kvTypeB;

  @Option(
      names = "--one-at-a-time",
      description =
          "Load one after the other; the logits of A wait in a temporary file. Done anyway where"
              + " memory does not hold both.")
  private boolean oneAtATime;

  @Mixin private EngineOptions engine;

  public CompareCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    LoadOptions load = engine.loadOptions(1);
    options.check(load);
    Path fileA = locator.locate(Optional.of(first));
    Path fileB = locator.locate(Optional.of(second));
    String nameA = ModelLocator.nameOf(fileA);
    String nameB = ModelLocator.nameOf(fileB);
    Tokenizer tokenizer = SameVocabulary.tokenizer(fileA);
    SameVocabulary.require(nameA, tokenizer, nameB, SameVocabulary.tokenizer(fileB));
    SampleText text = options.text(console);
    Chunks chunks = Chunks.of(text.text(), tokenizer, options.wish(load));
    EngineOptions other = engine.other(deviceB, kvTypeB);
    long start = System.nanoTime();
    ModelPair.Result result =
        new ModelPair(
                console,
                new Side(fileA, engine, options.load(load), false),
                new Side(
                    fileB, other, options.load(other.loadOptions(1)), engine.sharesDevices(other)),
                oneAtATime,
                environment.scratchFolder())
            .run(chunks);
    var report = new DivergenceReport(nameA, nameB, result, (System.nanoTime() - start) / 1e9);
    if (options.json()) {
      console.println(Json.text(report.fields(options.fields(text, chunks))));
    } else {
      report.lines().forEach(console::println);
      console.error(options.describe(text, chunks));
      console.errorFaint(report.footer());
    }
    options.svg().ifPresent(report::draw); // the numbers first: a drawing may fail
    return 0;
  }
}
