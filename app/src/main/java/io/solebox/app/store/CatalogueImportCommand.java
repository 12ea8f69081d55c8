package io.solebox.app.store;

import io.solebox.store.sign.TrustFolder;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a catalogue by file. */
@Command(
    name = "import",
    description = "Let a catalogue count that a trusted key has signed ('solebox keys trust').",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogueImportCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(
      arity = "1",
      paramLabel = "FILE",
      description = "What 'solebox models catalogue sign' made.")
  private Path file;

  @Option(names = "--allow-older", description = "Also one that is older than what counts now.")
  private boolean allowOlder;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  CatalogueImportCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    var trust = new TrustFolder(models.environment().dataFolder());
    CatalogueCommand.print(models, models.catalogues().take(file, trust, allowOlder), json);
    return 0;
  }
}
