package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.file.Contents;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.imatrix.ImportanceFiles;
import io.solebox.store.quantize.Mix;
import io.solebox.store.quantize.ModelQuantizer;
import io.solebox.store.quantize.QuantizeJob;
import io.solebox.store.quantize.QuantizeOptions;
import io.solebox.store.quantize.QuantizeReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes a smaller model of a model. */
@Command(
    name = "quantize",
    description =
        "Make a smaller model of a model: weights of fewer bits, the same as llama.cpp's to the"
            + " bit.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class QuantizeCommand implements Callable<Integer> {
  private final Models models;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "IN",
      description = "Path or name of a model, in F16, BF16 or F32.")
  private String in;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OUT.gguf|NAME",
      description =
          "The file to write, or a name in the store. Default: of a model of the store, its name"
              + " with the type as its tag.")
  private Optional<String> out;

  @Option(
      names = "--type",
      required = true,
      paramLabel = "TYPE",
      description =
          "Q4_K_M, Q8_0, IQ4_XS and so on: what most weights become, and rules for the rest.")
  private String type;

  @Option(
      names = "--imatrix",
      paramLabel = "FILE",
      description = "What weights matter for: an importance matrix made with this model.")
  private Optional<Path> imatrix;

  @Option(
      names = "--tensor-type",
      paramLabel = "REGEX=TYPE",
      description =
          "Another format for tensors whose name has a match; the first that matches counts.")
  private List<String> overrides = List.of();

  @Option(names = "--pure", description = "One format for all matrices, without rules.")
  private boolean pure;

  @Option(
      names = "--output-type",
      paramLabel = "TYPE",
      description = "The format of the output matrix.")
  private Optional<String> outputType;

  @Option(
      names = "--embedding-type",
      paramLabel = "TYPE",
      description = "The format of the token embeddings.")
  private Optional<String> embeddingType;

  @Option(
      names = "--allow-requantize",
      description = "Also quantize matrices that are quantized already, at a loss.")
  private boolean requantize;

  @Option(names = "--force", description = "Replace OUT.gguf where it exists.")
  private boolean force;

  @Option(names = "--threads", paramLabel = "N", description = "Default: one for each processor.")
  private Optional<Integer> threads;

  @Option(names = "--dry-run", description = "Show what each tensor would become, and the sizes.")
  private boolean dryRun;

  @Option(names = "--json", description = "Print one JSON object, with all tensors.")
  private boolean json;

  public QuantizeCommand(Console console, Environment environment) {
    this.models = new Models(console, environment);
  }

  @Override
  public Integer call() {
    QuantizeOptions options = options();
    if (threads.filter(n -> n < 1 || n > 1024).isPresent()) {
      throw usage("--threads takes 1 to 1024.");
    }
    Optional<Destination> asked = out.map(text -> Destination.parse(spec, text));
    SourceModel input = SourceModel.find(models.locator(), in);
    if (dryRun) {
      with(input, options, job -> print(new QuantizeText(job.plan()), Map.of()));
    } else {
      run(
          input,
          options,
          asked.orElseGet(() -> Destination.beside(input.nameIn(spec), options.mix().name())));
    }
    return 0;
  }

  private <T> T with(SourceModel input, QuantizeOptions options, Function<QuantizeJob, T> work) {
    List<Path> files = Contents.read(input.file()).files();
    try (ModelSource source = QuantizeJob.open(input.file(), input.givenName())) {
      QuantizeJob job = QuantizeJob.of(source, files, options, imatrix.map(ImportanceFiles::read));
      source.notes().forEach(models.console()::error);
      return work.apply(job);
    }
  }

  private void run(SourceModel input, QuantizeOptions options, Destination to) {
    if (to instanceof Destination.File(Path target)) {
      requireFree(input.file(), target);
    }
    int crew = threads.orElseGet(() -> Runtime.getRuntime().availableProcessors());
    var making = new Making(models, input, "quantize " + options.mix().name());
    long start = System.nanoTime();
    Making.Made<QuantizeReport> made =
        making.run(
            to,
            force,
            (file, _, bar) ->
                with(input, options, job -> ModelQuantizer.run(job, file, crew, bar)));
    var text = new QuantizeText(made.result(), (System.nanoTime() - start) / 1e9);
    print(text, made.fields());
    making.announce(made);
  }

  /**
   * @param where the model is now, for JSON
   */
  private QuantizeText print(QuantizeText text, Map<String, Object> where) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>(where);
      fields.putAll(text.fields());
      models.json(fields);
    } else {
      text.lines().forEach(models.console()::println);
    }
    return text;
  }

  private QuantizeOptions options() {
    Mix mix =
        Mix.named(type)
            .orElseThrow(
                () ->
                    usage(
                        "--type takes one of "
                            + String.join(", ", Mix.names())
                            + ", and not '"
                            + type
                            + "'."));
    return new QuantizeOptions(
        mix,
        pure,
        outputType.map(t -> tensorType("--output-type", t)),
        embeddingType.map(t -> tensorType("--embedding-type", t)),
        overrides.stream().map(this::override).toList(),
        requantize);
  }

  private TensorType tensorType(String option, String name) {
    return Arrays.stream(TensorType.values())
        .filter(t -> t.name().equals(name.toUpperCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                usage(
                    option
                        + " takes a format of weights, one of "
                        + Arrays.stream(TensorType.values())
                            .map(TensorType::name)
                            .collect(Collectors.joining(", "))
                        + ", and not '"
                        + name
                        + "'."));
  }

  private QuantizeOptions.Override override(String text) {
    int equals = text.lastIndexOf('=');
    if (equals < 1) {
      throw usage("--tensor-type takes REGEX=TYPE, as in attn_v=Q8_0, and not '" + text + "'.");
    }
    try {
      return new QuantizeOptions.Override(
          Pattern.compile(text.substring(0, equals)),
          tensorType("--tensor-type", text.substring(equals + 1)));
    } catch (PatternSyntaxException e) {
      throw usage("--tensor-type: " + e.getDescription() + " in '" + e.getPattern() + "'.");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void requireFree(Path input, Path target) {
    try {
      if (Files.exists(target) && Files.isSameFile(input, target)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            target.toString(),
            "this is the model itself, which is read while the other is written",
            "Give another name.");
      }
    } catch (IOException e) {
      // What cannot be looked at cannot be written either, which is reported then.
    }
    if (Files.exists(target) && !force) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          target.toString(),
          "there is such a file already",
          "Give another name, or replace it with --force.");
    }
  }
}
