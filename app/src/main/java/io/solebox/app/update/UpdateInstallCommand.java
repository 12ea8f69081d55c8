package io.solebox.app.update;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.update.file.UpdateFile;
import io.solebox.app.update.slot.Status;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Installs an update to the slot that does not run. */
@Command(
    name = "install",
    description =
        "Check an update and write it to the slot that does not run; the next start tries it. Takes"
            + " root. Chats, accounts and models are not touched.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateInstallCommand implements Callable<Integer> {
  private final Updates updates;

  @Parameters(arity = "1", paramLabel = "FILE", description = "A file solebox-….update.")
  private Path file;

  @Option(
      names = "--allow-older",
      description = "Also a version that is older than the one that runs.")
  private boolean allowOlder;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  UpdateInstallCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    try (UpdateFile update = UpdateFile.open(file, updates.trusted());
        var bar = new ProgressBar(updates.console(), "update")) {
      updates.updater().install(update, allowOlder, bar);
      bar.wipe();
    }
    Status status = updates.status();
    if (json) {
      updates.json(status.fields());
      return 0;
    }
    updates.print(status);
    updates
        .console()
        .println(
            "Restart the machine to try it; if it does not prove itself in three starts, this one"
                + " comes back.");
    return 0;
  }
}
