package io.solebox.app.store;

import io.solebox.store.catalogue.Catalogue;
import io.solebox.store.catalogue.Catalogues;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Which catalogue counts. */
@Command(
    name = "show",
    description = "Show version, date and signer of the catalogue that counts.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogueShowCommand implements Callable<Integer> {
  private final Models models;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CatalogueShowCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    Catalogues.Known known = models.catalogues().current();
    CatalogueCommand.print(models, known, json);
    Catalogue ours = Catalogue.ofDistribution();
    if (known.catalogue().version() < ours.version()) {
      models
          .console()
          .error(
              "note: this distribution has a newer one, version %d of %s; 'solebox models catalogue reset' goes back to it."
                  .formatted(ours.version(), ours.date()));
    }
    return 0;
  }
}
