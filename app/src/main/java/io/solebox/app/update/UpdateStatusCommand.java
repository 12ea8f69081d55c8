package io.solebox.app.update;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How the slots are. */
@Command(
    name = "status",
    description = "Show what runs, what the other slot holds, and what the next start takes.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateStatusCommand implements Callable<Integer> {
  private final Updates updates;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  UpdateStatusCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    if (json) {
      updates.json(updates.status().fields());
    } else {
      updates.print(updates.status());
    }
    return 0;
  }
}
