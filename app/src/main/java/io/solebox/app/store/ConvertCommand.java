package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Units;
import io.solebox.store.convert.Conversion;
import io.solebox.store.convert.ConversionOptions;
import io.solebox.store.convert.FreeSpace;
import io.solebox.store.convert.Loss;
import io.solebox.store.convert.OutputType;
import io.solebox.store.convert.PlannedTensor;
import io.solebox.store.edit.LoraConversion;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A folder of Hugging Face to a GGUF file. */
@Command(
    name = "convert",
    description =
        "Make a GGUF file of a folder of Hugging Face (safetensors, config.json, tokenizer).",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ConvertCommand implements Callable<Integer> {
  private final Models models;
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "DIR",
      description = "The folder of the model, or the name of one that is kept so.")
  private String folder;

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
      paramLabel = "auto|F32|F16|BF16|Q8_0",
      defaultValue = "AUTO",
      description =
          "In what matrices are written; vectors and norms are always F32. With auto, which is the"
              + " default, as the first matrix of the folder has it.")
  private OutputType type;

  @Option(
      names = "--nearest",
      description =
          "Keep codes of GPTQ, AWQ, FP8 and compressed-tensors in the nearest format that GGUF has,"
              + " and say what the values lost.")
  private boolean nearest;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "The name of the model in the file; the folder's if this is left out.")
  private Optional<String> name;

  @Option(
      names = "--base",
      paramLabel = "MODEL",
      description = "DIR is an adapter (LoRA) of PEFT, made for this model: a file or a folder.")
  private Optional<Path> base;

  @Option(names = "--dry-run", description = "Show what would be written, and how much.")
  private boolean dryRun;

  @Option(names = "--force", description = "Replace a file of this name.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  public ConvertCommand(Console console, Environment environment) {
    this.models = new Models(console, environment);
    this.console = console;
  }

  @Override
  public Integer call() {
    if (nearest && type != OutputType.AUTO) {
      throw new ParameterException(
          spec.commandLine(), "--type and --nearest exclude each other; leave one out");
    }
    Optional<Destination> asked = out.map(text -> Destination.parse(spec, text));
    SourceModel source = SourceModel.find(models.locator(), folder);
    if (base.isPresent()) {
      return adapter(source, asked, base.get());
    }
    var options = new ConversionOptions(type, nearest, name.or(source::givenName));
    try (Conversion conversion = Conversion.open(source.file(), options)) {
      Destination to =
          asked.orElseGet(() -> Destination.beside(source.nameIn(spec), conversion.type().name()));
      conversion.notes().forEach(note -> console.error("note: " + note));
      if (dryRun) {
        print(
            conversion,
            Optional.empty(),
            new Making.Made<>(Optional.empty(), to, Optional.empty()));
      } else {
        write(conversion, to, source);
      }
    }
    return 0;
  }

  private void write(Conversion conversion, Destination to, SourceModel source) {
    var making = new Making(models, source, "convert " + conversion.type().name());
    long start = System.nanoTime();
    Making.Made<Loss> made =
        making.run(
            to,
            force,
            (file, replace, bar) -> {
              FreeSpace.require(file, conversion.bytes(), replace);
              return conversion.write(file, bar);
            });
    Loss loss = made.result();
    loss.notes().forEach(note -> console.error("note: " + note));
    if (conversion.hasCodes()) {
      console.error(
          "note: the values that the codes stand for changed by %.4f %% at most (root of the mean square over a tensor)."
              .formatted(100 * loss.worst()));
    }
    print(conversion, Optional.of(new Written(loss, (System.nanoTime() - start) / 1e9)), made);
    making.announce(made);
  }

  private int adapter(SourceModel source, Optional<Destination> asked, Path model) {
    if (nearest || dryRun || type != OutputType.AUTO || name.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "An adapter is written in F32 under its folder's name: leave out --type, --nearest,"
              + " --name and --dry-run");
    }
    Path file =
        asked
            .flatMap(Destination::file)
            .orElseThrow(
                () ->
                    new ParameterException(
                        spec.commandLine(),
                        "The store keeps no adapters: name the file to write, OUT.gguf"));
    var written = LoraConversion.write(source.file(), model, file, force);
    if (json) {
      models.json(
          Map.of(
              "file", file.toString(), "bytes", written.bytes(), "matrices", written.matrices()));
    } else {
      console.println(
          "%s: %s, changes of %d matrices"
              .formatted(file, Units.bytes(written.bytes()), written.matrices()));
    }
    return 0;
  }

  /** What came of it. */
  private record Written(Loss loss, double seconds) {}

  private void print(Conversion conversion, Optional<Written> written, Making.Made<?> made) {
    if (json) {
      models.json(fields(conversion, written, made));
      return;
    }
    long bytes = conversion.bytes();
    String verb = written.isPresent() ? "" : "would be ";
    console.println(
        "%s: %s%s, %d tensors (%s)"
            .formatted(
                made.at(),
                verb,
                Units.bytes(bytes),
                conversion.tensors().size(),
                String.join(
                    ", ",
                    counts(conversion.tensors()).entrySet().stream()
                        .map(e -> e.getValue() + " " + e.getKey())
                        .toList())));
    written.ifPresent(
        w ->
            console.error(
                String.format(
                    Locale.ROOT, "%.1f s, %.0f MB/s", w.seconds(), bytes / w.seconds() / 1e6)));
  }

  private static Map<String, Integer> counts(List<PlannedTensor> tensors) {
    var counts = new TreeMap<String, Integer>();
    tensors.forEach(tensor -> counts.merge(tensor.type().name(), 1, Integer::sum));
    return counts;
  }

  private static Map<String, Object> fields(
      Conversion conversion, Optional<Written> written, Making.Made<?> made) {
    Map<String, Object> fields = made.fields();
    fields.put("type", conversion.type().name());
    fields.put("bytes", conversion.bytes());
    fields.put("tensors", counts(conversion.tensors()));
    fields.put("notes", conversion.notes());
    fields.put("written", written.isPresent());
    written.ifPresent(
        w -> {
          fields.put("seconds", w.seconds());
          fields.put("overflowed_values", w.loss().overflowed());
          fields.put("worst_relative_error", w.loss().worst());
        });
    return fields;
  }
}
