package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.convert.Conversion;
import io.solebox.store.convert.ConversionOptions;
import io.solebox.store.convert.FreeSpace;
import io.solebox.store.convert.Loss;
import io.solebox.store.convert.OutputType;
import io.solebox.store.convert.PlannedTensor;
import io.solebox.store.edit.LoraConversion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
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
        "Write a folder of Hugging Face (safetensors, config.json, tokenizer) as a GGUF file.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class ConvertCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "DIR", description = "The folder of the model.")
  private Path folder;

  @Parameters(index = "1", paramLabel = "OUT.gguf", description = "The file to write.")
  private Path out;

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

  public ConvertCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    if (!out.toString().endsWith(".gguf")) {
      throw new ParameterException(
          spec.commandLine(), "'" + out + "' must end in .gguf, by which others know the format");
    }
    if (base.isPresent()) {
      return adapter(base.get());
    }
    if (nearest && type != OutputType.AUTO) {
      throw new ParameterException(
          spec.commandLine(), "--type and --nearest exclude each other; leave one out");
    }
    var options = new ConversionOptions(type, nearest, name);
    try (Conversion conversion = Conversion.open(folder, options)) {
      long bytes = conversion.bytes();
      conversion.notes().forEach(note -> console.error("note: " + note));
      if (dryRun) {
        print(conversion, bytes, Optional.empty());
        return 0;
      }
      FreeSpace.require(out, bytes, force);
      long start = System.nanoTime();
      Loss loss;
      try (var bar = new ProgressBar(console, out.getFileName().toString())) {
        loss = conversion.write(out, bar);
      }
      loss.notes().forEach(note -> console.error("note: " + note));
      if (conversion.hasCodes()) {
        console.error(
            "note: the values that the codes stand for changed by %.4f %% at most (root of the mean square over a tensor)."
                .formatted(100 * loss.worst()));
      }
      print(conversion, bytes, Optional.of(new Written(loss, (System.nanoTime() - start) / 1e9)));
    }
    return 0;
  }

  private int adapter(Path model) {
    if (nearest || dryRun || type != OutputType.AUTO || name.isPresent()) {
      throw new ParameterException(
          spec.commandLine(),
          "An adapter is written in F32 under its folder's name: leave out --type, --nearest,"
              + " --name and --dry-run");
    }
    var written = LoraConversion.write(folder, model, out, force);
    console.println(
        json
            ? Json.text(
                Map.of(
                    "file", out.toString(),
                    "bytes", written.bytes(),
                    "matrices", written.matrices()))
            : "%s: %s, changes of %d matrices"
                .formatted(out, Units.bytes(written.bytes()), written.matrices()));
    return 0;
  }

  /** What came of it. */
  private record Written(Loss loss, double seconds) {}

  private void print(Conversion conversion, long bytes, Optional<Written> written) {
    if (json) {
      console.println(Json.text(fields(conversion, bytes, written)));
      return;
    }
    String verb = written.isPresent() ? "" : "would be ";
    console.println(
        "%s: %s%s, %d tensors (%s)"
            .formatted(
                out,
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

  private Map<String, Object> fields(Conversion conversion, long bytes, Optional<Written> written) {
    var fields = new LinkedHashMap<String, Object>();
    fields.put("file", out.toString());
    fields.put("type", conversion.type().name());
    fields.put("bytes", bytes);
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
