package io.solebox.app.update;

import io.solebox.app.console.Dates;
import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.app.update.file.Manifest;
import io.solebox.app.update.file.UpdateFile;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What an update says of itself. */
@Command(
    name = "inspect",
    description = "Show what an update brings and who vouches for it; read all of it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateInspectCommand implements Callable<Integer> {
  private final Updates updates;

  @Parameters(arity = "1", paramLabel = "FILE", description = "A file solebox-….update.")
  private Path file;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  UpdateInspectCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    try (UpdateFile update = UpdateFile.open(file, updates.trusted());
        var bar = new ProgressBar(updates.console(), "update")) {
      update.check(bar);
      bar.wipe();
      Manifest manifest = update.manifest();
      if (json) {
        Map<String, Object> fields = new LinkedHashMap<>(manifest.fields());
        fields.put("signed_by", update.signer());
        updates.json(fields);
        return 0;
      }
      updates
          .console()
          .println(
              "Solebox %s for %s, made %s"
                  .formatted(
                      manifest.version(),
                      manifest.architecture().word(),
                      Dates.minute(manifest.made())));
      updates
          .console()
          .println("signed by '%s', whom this machine trusts".formatted(update.signer()));
      manifest
          .parts()
          .forEach(
              part ->
                  updates
                      .console()
                      .println(
                          "  %-6s %s".formatted(part.kind().word(), Units.bytes(part.bytes()))));
      updates.console().println("all of it was read, and is what was signed");
    }
    return 0;
  }
}
