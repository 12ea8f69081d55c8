package io.solebox.app.update;

import io.solebox.app.update.slot.SlotName;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Goes back to the other slot's system. */
@Command(
    name = "rollback",
    description =
        "Let the next start take the other slot's system; one that runs on trial is given up. Takes"
            + " root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateRollbackCommand implements Callable<Integer> {
  private final Updates updates;

  UpdateRollbackCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    SlotName next = updates.updater().rollBack();
    updates
        .console()
        .println("The next start takes slot %s. Restart the machine.".formatted(next.word()));
    return 0;
  }
}
