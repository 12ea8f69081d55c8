package io.solebox.app.store;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lets models go that were pinned. */
@Command(
    name = "unpin",
    description = "Let models that were pinned be removed again.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class UnpinCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Models of the store.")
  private List<String> names;

  UnpinCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    PinCommand.pin(models, names, false);
    return 0;
  }
}
