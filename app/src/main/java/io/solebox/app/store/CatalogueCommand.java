package io.solebox.app.store;

import io.solebox.store.catalogue.Catalogues;
import io.solebox.store.sign.TrustFolder;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Holds the commands about the catalogue itself. */
@Command(
    name = "catalogue",
    description = "The catalogue of models to pull: show it, bring a newer one by file, sign one.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CatalogueCommand implements Runnable {
  @Spec private CommandSpec spec;

  private CatalogueCommand() {}

  /** With the commands that it holds. */
  static CommandLine with(Models models) {
    return new CommandLine(new CatalogueCommand())
        .addSubcommand(new CatalogueShowCommand(models))
        .addSubcommand(new CatalogueImportCommand(models))
        .addSubcommand(new CatalogueSignCommand(models))
        .addSubcommand(new CatalogueResetCommand(models));
  }

  /** What a person, or a script, hears of a catalogue. */
  static void print(Models models, Catalogues.Known known, boolean json) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("version", (long) known.catalogue().version());
    fields.put("date", known.catalogue().date().toString());
    fields.put("models", (long) known.catalogue().models().size());
    fields.put("signer", known.signer().map(s -> signer(models, s)).orElse("this distribution"));
    known.signer().ifPresent(fingerprint -> fields.put("fingerprint", fingerprint));
    if (json) {
      models.json(fields);
    } else {
      fields.forEach((name, value) -> models.console().println(name + ": " + value));
    }
  }

  private static String signer(Models models, String fingerprint) {
    return new TrustFolder(models.environment().dataFolder())
        .find(fingerprint)
        .map(trusted -> trusted.name().text())
        .orElse("a key that is no longer trusted");
  }

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "What should be done? Name a command: "
            + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }
}
