package io.solebox.app.bundle;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.session.CleanupNotes;
import io.solebox.store.blob.Disk;
import io.solebox.store.bundle.BundleImport;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings what a bundle holds into the store. */
@Command(
    name = "import",
    description = "Bring the models of a bundle into the store, if a trusted key has signed it.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class BundleImportCommand implements Callable<Integer> {
  private final Bundles bundles;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description =
          "A bundle; of one in pieces any, if all lie in one folder under the names that they were"
              + " given, else all.")
  private List<Path> files;

  @Option(
      names = "--allow-older",
      description = "Also take what is older than what came before under the same name.")
  private boolean allowOlder;

  @Option(
      names = "--runtime-to",
      paramLabel = "DIR",
      description = "Make this new folder of the Solebox that the bundle brings.")
  private Optional<Path> runtimeTo;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  BundleImportCommand(Bundles bundles) {
    this.bundles = bundles;
  }

  @Override
  public Integer call() {
    var importer =
        new BundleImport(
            bundles.environment().storeFolder(), bundles.trust(), Disk.SYSTEM, Space.SYSTEM);
    try (var bar = new ProgressBar(bundles.console(), "import")) {
      BundleImport.Imported imported =
          importer.run(new BundleImport.Request(files, allowOlder, runtimeTo), bar);
      bar.wipe();
      if (json) {
        bundles.json(fields(imported));
      } else {
        print(imported);
      }
    }
    CleanupNotes.run(bundles.console(), bundles.environment());
    return 0;
  }

  private Map<String, Object> fields(BundleImport.Imported imported) {
    List<Map<String, Object>> models = new ArrayList<>();
    imported
        .models()
        .forEach(
            (name, generation) -> {
              Map<String, Object> model = new LinkedHashMap<>();
              model.put("name", name.toString());
              model.put("generation", generation.number());
              model.put("bytes", generation.manifest().size());
              models.add(model);
            });
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("signed_by", imported.signer().name().text());
    fields.put("fingerprint", imported.signer().key().fingerprint());
    fields.put("models", models);
    fields.put("runtime_left_out", imported.runtimeLeft());
    runtimeTo.ifPresent(folder -> fields.put("runtime", folder.toString()));
    return fields;
  }

  private void print(BundleImport.Imported imported) {
    bundles
        .console()
        .println("signed by '%s', whom this machine trusts".formatted(imported.signer().name()));
    imported
        .models()
        .forEach(
            (name, generation) ->
                bundles
                    .console()
                    .println(
                        "%s is there, generation %d; 'solebox run %s' runs it."
                            .formatted(name, generation.number(), name)));
    runtimeTo.ifPresent(folder -> bundles.console().println("the runtime is in " + folder));
    if (imported.runtimeLeft()) {
      bundles
          .console()
          .println("It also brings a runtime, which was left; --runtime-to DIR takes it.");
    }
  }
}
