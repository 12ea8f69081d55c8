package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.engine.tensor.TensorType;
import io.solebox.store.edit.LoraMerge;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A model and an adapter to one model. */
@Command(
    name = "merge",
    description = "Add an adapter (LoRA) to the matrices of a model for good.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class MergeCommand implements Callable<Integer> {
  /** What matrices that change can be written in. */
  private enum Floats {
    F16,
    BF16,
    F32
  }

  private final Models models;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "Path or name of a model in GGUF.")
  private String model;

  @Parameters(
      index = "1",
      paramLabel = "ADAPTER",
      description = "A folder of PEFT, or a .gguf file.")
  private Path adapter;

  @Parameters(
      index = "2",
      paramLabel = "OUT.gguf|NAME",
      description = "The file to write, or a name in the store.")
  private String out;

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

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  MergeCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    Destination to = Destination.parse(spec, out);
    SourceModel source = SourceModel.find(models.locator(), model);
    var making = new Making(models, source, "merge " + adapter.toAbsolutePath() + " x " + scale);
    Making.Made<LoraMerge.Written> made =
        making.run(
            to,
            force,
            (file, replace, bar) -> {
              var floats = type.map(t -> TensorType.valueOf(t.name()));
              var options = new LoraMerge.Options(scale, floats, replace);
              return LoraMerge.write(source.file(), adapter, file, options, bar);
            });
    if (json) {
      Map<String, Object> fields = made.fields();
      fields.put("bytes", made.result().bytes());
      fields.put("matrices", made.result().matrices());
      models.json(fields);
    } else {
      models
          .console()
          .println(
              "%s: %s, %d matrices changed"
                  .formatted(to, Units.bytes(made.result().bytes()), made.result().matrices()));
    }
    making.announce(made);
    return 0;
  }
}
