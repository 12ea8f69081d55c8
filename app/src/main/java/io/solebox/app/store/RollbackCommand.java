package io.solebox.app.store;

import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets a name stand for what it stood for before. */
@Command(
    name = "rollback",
    description = "Let a name stand for what it stood for before a pull or an import.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RollbackCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1", paramLabel = "NAME", description = "A model of the store.")
  private String name;

  @Option(
      names = "--to",
      paramLabel = "N",
      description = "The generation. Default: the one before the current one.")
  private Optional<Integer> to = Optional.empty();

  RollbackCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelStore store = models.store();
    ModelName found = Models.require(store, name);
    OptionalInt number = to.map(OptionalInt::of).orElse(OptionalInt.empty());
    Generation now = store.rollback(found, number);
    models
        .console()
        .println(
            "%s is generation %d again, of %s."
                .formatted(found, now.number(), Models.time(now.published())));
    return 0;
  }
}
