package io.solebox.app.store;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Goes back to the distribution's catalogue. */
@Command(
    name = "reset",
    description = "Let the catalogue of this distribution count again.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogueResetCommand implements Callable<Integer> {
  private final Models models;

  CatalogueResetCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    boolean was = models.catalogues().reset();
    models
        .console()
        .println(
            was
                ? "The catalogue of this distribution counts again."
                : "No other catalogue was there than that of this distribution.");
    return 0;
  }
}
