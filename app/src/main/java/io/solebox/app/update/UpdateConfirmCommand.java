package io.solebox.app.update;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Lets the system that runs count, by hand; in the image a unit does that. */
@Command(
    name = "confirm",
    description =
        "Let the system that runs count: it is started from now on. The image does this by itself"
            + " when its server answers. Takes root.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UpdateConfirmCommand implements Callable<Integer> {
  private final Updates updates;

  UpdateConfirmCommand(Updates updates) {
    this.updates = updates;
  }

  @Override
  public Integer call() {
    boolean fresh = updates.updater().confirm();
    updates
        .console()
        .println(
            fresh
                ? "The system that runs counts from now on."
                : "The system that runs has proved itself already.");
    return 0;
  }
}
