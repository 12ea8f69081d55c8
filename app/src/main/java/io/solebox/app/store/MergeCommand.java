package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.edit.LoraMerge;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A model and an adapter to one model. */
@Command(
    name = "merge",
    description = "Add an adapter (LoRA) to the matrices of a GGUF file for good.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MergeCommand implements Callable<Integer> {
  /** What matrices that change can be written in. */
  private enum Floats {
    F16,
    BF16,
    F32
  }

  private final Console console;

  @Parameters(index = "0", paramLabel = "FILE", description = "The model, a .gguf file.")
  private Path model;

  @Parameters(
      index = "1",
      paramLabel = "ADAPTER",
      description = "A folder of PEFT, or a .gguf file.")
  private Path adapter;

  @Parameters(index = "2", paramLabel = "OUT.gguf", description = "The file to write.")
  private Path out;

  @Option(
      names = "--scale",
      paramLabel = "X",
      defaultValue = "1",
      description = "How much of the adapter; 1 is as it was trained.")
  private float scale;

  @Option(
      names = "--type",
      paramLabel = "F16|BF16|F32",
      description = "Of the matrices that change. Default: as they are, if they are not quantized.")
  private Optional<Floats> type;

  @Option(names = "--force", description = "Replace a file of this name.")
  private boolean force;

  MergeCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    var options = new LoraMerge.Options(scale, type.map(t -> TensorType.valueOf(t.name())), force);
    LoraMerge.Written written;
    try (var bar = new ProgressBar(console, out.getFileName().toString())) {
      written = LoraMerge.write(model, adapter, out, options, bar);
    }
    console.println(
        "%s: %s, %d matrices changed"
            .formatted(out, Units.bytes(written.bytes()), written.matrices()));
    return 0;
  }
}
