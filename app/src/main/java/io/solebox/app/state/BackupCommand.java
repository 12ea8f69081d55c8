package io.solebox.app.state;

import io.solebox.app.console.Console;
import io.solebox.app.console.Environment;
import io.solebox.app.console.Json;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.server.backup.Backup;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes a backup. */
@Command(
    name = "backup",
    description = {
      "Write what a server keeps to one file; it may go on running.",
      "Texts and files in it are sealed, and the keys are not in it."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BackupCommand implements Callable<Integer> {
  private final Console console;
  private final Environment environment;

  @Parameters(arity = "1", paramLabel = "FILE", description = "Where to; must not be there.")
  private Path target;

  @Option(
      names = "--keys",
      paramLabel = "FILE",
      description =
          "Write the keys here, in place of older ones. Keep this file elsewhere than backups:"
              + " with both, anybody can read everything that no passphrase locks.")
  private Optional<Path> keys;

  @Mixin private StateArgument state;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BackupCommand(Console console, Environment environment) {
    this.console = console;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    Backup.Report report;
    try (ProgressBar progress = new ProgressBar(console, target.getFileName().toString())) {
      report = Backup.write(state.file(environment), target, keys, progress);
    }
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("backup", target.toAbsolutePath().toString());
      fields.put("bytes", report.bytes());
      fields.put("files", report.files());
      fields.put("missing_files", report.missing());
      fields.put("keys", keys.map(file -> file.toAbsolutePath().toString()).orElse(null));
      console.println(Json.text(fields));
      return 0;
    }
    console.println(
        "wrote %s: %s, %d files".formatted(target, Units.bytes(report.bytes()), report.files()));
    report
        .missing()
        .forEach(id -> console.error("note: " + id + " is known, and its file is not there"));
    console.println(
        keys.map(file -> "wrote the keys to " + file + ", which nobody else should have")
            .orElse(
                "It can be restored here, where the keys are. --keys FILE writes them for another"
                    + " machine."));
    return 0;
  }
}
