package io.solebox.app.quality;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.quality.ModelPair.Side;
import io.solebox.app.session.EngineOptions;
import io.solebox.app.session.ModelLocator;
import io.solebox.app.session.ModelLocator.Located;
import io.solebox.engine.api.LoadOptions;
import io.solebox.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What quantizing cost. */
@Command(
    name = "quality",
    description =
        "Hold quantized models against the one that they were made of: how far their answers are"
            + " from its, by size.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class QualityCommand implements Callable<Integer> {
  private final Console console;
  private final ModelLocator locator;
  private final Environment environment;

  @Parameters(
      arity = "1..*",
      paramLabel = "QUANTIZED",
      description = "Paths or names of models that were made of one source.")
  private List<String> quantized;

  @Option(
      names = "--source",
      paramLabel = "SOURCE",
      description =
          "Path or name of the model that they were made of. Default: what the store says of"
              + " those that were quantized into it.")
  private Optional<String> source;

  @Spec private CommandSpec spec;

  @Mixin private QualityOptions options;

  @Option(
      names = "--one-at-a-time",
      description =
          "Load models one after the other; the logits of SOURCE wait in a temporary file. Done"
              + " anyway where memory does not hold two.")
  private boolean oneAtATime;

  @Mixin private EngineOptions engine;

  public QualityCommand(Console console, Environment environment) {
    this.console = console;
    this.locator = new ModelLocator(environment);
    this.environment = environment;
  }

  @Override
  public Integer call() throws InterruptedException {
    engine.check();
    LoadOptions load = engine.loadOptions(1);
    options.check(load);
    List<Located> found =
        quantized.stream().map(name -> locator.locateNamed(Optional.of(name))).toList();
    Path of = source.isPresent() ? locator.locate(source) : source(found);
    ModelSize whole = ModelSize.of(of);
    List<ModelSize> smaller = found.stream().map(one -> ModelSize.of(one.file())).toList();
    Tokenizer tokenizer = SameVocabulary.tokenizer(whole.file());
    smaller.forEach(
        one ->
            SameVocabulary.require(
                whole.name(), tokenizer, one.name(), SameVocabulary.tokenizer(one.file())));
    SampleText text = options.text(console);
    Chunks chunks = Chunks.of(text.text(), tokenizer, options.wish(load));
    long start = System.nanoTime();
    var measured = new ArrayList<QualityReport.Measured>();
    for (ModelSize one : smaller) {
      measured.add(
          new QualityReport.Measured(one, pair(whole.file(), one.file(), load).run(chunks)));
    }
    report(new QualityReport(whole, measured, (System.nanoTime() - start) / 1e9), text, chunks);
    return 0;
  }

  /** What all were made of. */
  private Path source(List<Located> models) {
    Set<Path> sources = new LinkedHashSet<>();
    for (Located model : models) {
      sources.add(
          QuantizedFrom.find(model)
              .orElseThrow(
                  () -> missing("what " + model.name() + " was made of is not known, or gone")));
    }
    if (sources.size() > 1) {
      throw missing("they were not all made of one model");
    }
    return sources.iterator().next();
  }

  private ParameterException missing(String why) {
    return new ParameterException(
        spec.commandLine(), "Name the model that they are held against with --source: " + why);
  }

  private ModelPair pair(Path whole, Path smaller, LoadOptions load) {
    return new ModelPair(
        console,
        new Side(whole, engine, options.load(load), false),
        new Side(smaller, engine, options.load(load), true),
        oneAtATime,
        environment.scratchFolder());
  }

  private void report(QualityReport report, SampleText text, Chunks chunks) {
    if (options.json()) {
      console.println(Json.text(report.fields(options.fields(text, chunks))));
    } else {
      report.lines().forEach(console::println);
      console.error(options.describe(text, chunks));
      console.errorFaint(report.footer());
    }
    options.svg().ifPresent(report::draw); // the numbers first: a drawing may fail
  }
}
