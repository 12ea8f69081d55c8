package io.solebox.app.store;

import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Keeps models from being removed. */
@Command(
    name = "pin",
    description = "Keep models of the store from every removal, until they are unpinned.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PinCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1..*", paramLabel = "NAME", description = "Models of the store.")
  private List<String> names;

  PinCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    pin(models, names, true);
    return 0;
  }

  static void pin(Models models, List<String> texts, boolean pinned) {
    ModelStore store = models.store();
    List<ModelName> names = texts.stream().map(text -> Models.require(store, text)).toList();
    for (ModelName name : names) {
      store.pin(name, pinned);
      models.console().println((pinned ? "pinned " : "unpinned ") + name);
    }
  }
}
