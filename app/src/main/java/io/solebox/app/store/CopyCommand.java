package io.solebox.app.store;

import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Gives a model a second name. */
@Command(
    name = "cp",
    aliases = "copy",
    description = "Give a model of the store a second name; its files are not copied.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CopyCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(index = "0", arity = "1", paramLabel = "NAME", description = "A model of the store.")
  private String from;

  @Parameters(index = "1", arity = "1", paramLabel = "NEW", description = "Its other name.")
  private String to;

  CopyCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelStore store = models.store();
    ModelName name = Models.require(store, from);
    ModelName copy = ModelName.parse(to);
    Generation generation = store.publish(copy, Models.current(store, name).manifest());
    models.console().println("%s is %s, generation %d.".formatted(copy, name, generation.number()));
    return 0;
  }
}
