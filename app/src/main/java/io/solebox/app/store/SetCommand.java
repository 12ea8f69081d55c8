package io.solebox.app.store;

import io.solebox.app.console.Console;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.edit.KeyChange;
import io.solebox.store.edit.MetadataEdit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    description = "Write a GGUF file again with other metadata: its name, its template.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class SetCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec;

  @Parameters(index = "0", paramLabel = "FILE", description = "A .gguf file, of several any.")
  private Path file;

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
      paramLabel = "OUT.gguf",
      required = true,
      description = "The file to write.")
  private Path out;

  @Option(names = "--force", description = "Replace a file of this name.")
  private boolean force;

  SetCommand(Console console) {
    this.console = console;
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
    long bytes;
    try (var bar = new ProgressBar(console, out.getFileName().toString())) {
      bytes = MetadataEdit.write(file, changes, out, force, bar);
    }
    console.println("%s: %s".formatted(out, Units.bytes(bytes)));
    return 0;
  }
}
