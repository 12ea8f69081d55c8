package io.solebox.app.store;

import io.solebox.app.console.ProgressBar;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.foreign.ForeignModel;
import io.solebox.store.intake.Importer;
import io.solebox.store.layout.Annotations;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a model that another program keeps into the store. */
@Command(
    name = "adopt",
    description =
        "Bring a model that another program keeps (Ollama, Hugging Face, LM Studio, GPT4All) into"
            + " the store.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AdoptCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(arity = "1", paramLabel = "NAME", description = "As 'solebox models ls' shows it.")
  private String name;

  @Mixin private ImportWays ways;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  AdoptCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ForeignModel found =
        models.environment().foreignModels().find(name).orElseThrow(this::notFound);
    Optional<String> title = // for Ollama's files, which are named by digests
        ModelSources.isModel(found.file())
            ? Optional.empty()
            : Optional.of(found.name().fileName());
    var request =
        new Importer.Request(
            found.file(),
            found.name(),
            ways.way(),
            title,
            Map.of(Annotations.ADOPTED_FROM, found.program()));
    try (var bar = new ProgressBar(models.console(), "adopting " + found.name())) {
      var imported = new Importer(models.store()).take(request, bar);
      bar.wipe();
      ImportCommand.report(models, imported, json);
    }
    models.cleanUp();
    return 0;
  }

  private SoleboxException notFound() {
    return new SoleboxException(
        ErrorCode.MODEL_NOT_FOUND,
        Printable.name(name),
        "no other program keeps a model of this name",
        "'solebox models ls' shows which there are; files are imported with 'solebox models"
            + " import'.");
  }
}
