package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.store.edit.KeyChange;
import io.solebox.store.edit.MetadataEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Other metadata for a GGUF file. */
@Command(
    name = "set",
    description = "Write a model again with other metadata: its name, its template.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SetCommand implements Callable<Integer> {
  private final Models models;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "MODEL", description = "Path or name of a model in GGUF.")
  private String model;

  @Parameters(
      index = "1..*",
      paramLabel = "KEY=VALUE",
      description =
          "A key and its new value, of the kind that it had; a new key is true or false, a number"
              + " or text by how its value looks.")
  private List<String> settings = List.of();

  @Option(names = "--remove", paramLabel = "KEY", description = "Take a key out. May be repeated.")
  private List<String> removed = List.of();

  @Option(
      names = "--out",
      paramLabel = "OUT.gguf|NAME",
      description =
          "The file to write, or a name in the store. Default: a new generation of the same name.")
  private Optional<String> out;

  @Option(names = "--force", description = "Replace a file of this name.")
  private boolean force;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  SetCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    List<KeyChange> changes = new ArrayList<>();
    for (String setting : settings) {
      int sign = setting.indexOf('=');
      if (sign < 1) {
        throw new ParameterException(spec.commandLine(), "'" + setting + "' is not KEY=VALUE");
      }
      changes.add(
          new KeyChange(setting.substring(0, sign), Optional.of(setting.substring(sign + 1))));
    }
    removed.forEach(key -> changes.add(new KeyChange(key, Optional.empty())));
    if (changes.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "There is nothing to set or to remove");
    }
    SourceModel source = SourceModel.find(models.locator(), model);
    Destination to =
        out.map(text -> Destination.parse(spec, text))
            .orElseGet(() -> new Destination.Stored(source.nameIn(spec)));
    var making = new Making(models, source, "set " + String.join(" ", keys(changes)));
    Making.Made<Long> made =
        making.run(
            to,
            force,
            (file, replace, bar) -> MetadataEdit.write(source.file(), changes, file, replace, bar));
    if (json) {
      Map<String, Object> fields = made.fields();
      fields.put("bytes", made.result());
      models.json(fields);
    } else {
      models.console().println("%s: %s".formatted(to, Units.bytes(made.result())));
    }
    making.announce(made);
    return 0;
  }

  private static List<String> keys(List<KeyChange> changes) {
    return changes.stream().map(KeyChange::key).toList();
  }
}
