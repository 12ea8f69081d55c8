package io.solebox.app.store;

import io.solebox.app.console.ProgressBar;
import io.solebox.app.console.Units;
import io.solebox.store.intake.ImportWay;
import io.solebox.store.intake.Importer;
import io.solebox.store.layout.ModelName;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Brings a model's files into the store. */
@Command(
    name = "import",
    description = "Bring a model that lies elsewhere on this machine into the store.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {
  private final Models models;

  @Parameters(
      arity = "1",
      paramLabel = "PATH",
      description = "A .gguf file, of several any, or a folder with safetensors.")
  private Path path;

  @Option(
      names = "--name",
      paramLabel = "NAME",
      description = "What to call it. Default: as its file.")
  private Optional<String> name;

  @Mixin private ImportWays ways;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  ImportCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    ModelName wanted = name.map(ModelName::parse).orElseGet(() -> Importer.nameOf(path));
    Optional<ImportWay> asked = ways.way();
    try (var bar = new ProgressBar(models.console(), "importing " + wanted)) {
      var imported =
          new Importer(models.store()).take(Importer.Request.of(path, wanted, asked), bar);
      bar.wipe();
      report(models, imported, json);
    }
    models.cleanUp();
    return 0;
  }

  /** Says what became of each file. */
  static void report(Models models, Importer.Imported imported, boolean json) {
    if (json) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", imported.name().toString());
      fields.put("generation", imported.generation().number());
      fields.put("files", imported.files().stream().map(ImportCommand::fields).toList());
      fields.put("left_out", imported.leftOut().stream().map(Path::toString).toList());
      models.json(fields);
      return;
    }
    for (Importer.ImportedFile file : imported.files()) {
      models
          .console()
          .println(
              "%s %s (%s)%s"
                  .formatted(
                      done(file.way()),
                      file.from(),
                      Units.bytes(file.bytes()),
                      remark(file.way())));
    }
    if (!imported.leftOut().isEmpty()) {
      models.console().println("left out: " + names(imported.leftOut()));
    }
    models
        .console()
        .println(
            "%s is there, generation %d; 'solebox run %s' runs it."
                .formatted(imported.name(), imported.generation().number(), imported.name()));
  }

  private static String names(List<Path> paths) {
    return String.join(", ", paths.stream().map(p -> p.getFileName().toString()).toList());
  }

  private static Map<String, Object> fields(Importer.ImportedFile file) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("from", file.from().toString());
    fields.put("digest", file.digest().toString());
    fields.put("bytes", file.bytes());
    fields.put("way", file.way().name().toLowerCase(Locale.ROOT));
    return fields;
  }

  private static String done(ImportWay way) {
    return switch (way) {
      case REFLINK -> "shared";
      case HARDLINK -> "linked";
      case COPY -> "copied";
      case MOVE -> "moved";
    };
  }

  private static String remark(ImportWay way) {
    return switch (way) {
      case HARDLINK -> ": one file with two names now, which nobody may write to";
      case REFLINK, COPY, MOVE -> "";
    };
  }
}
