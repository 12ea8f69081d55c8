package io.solebox.app.store;

import io.solebox.app.console.Units;
import io.solebox.app.session.EngineOptions;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** All models that there are. */
@Command(
    name = "ls",
    aliases = "list",
    description =
        "List the models of this machine, with where they are from, when they were used, and how"
            + " they would run here: tokens a second, or what they need. Loads none.",
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ListCommand implements Callable<Integer> {
  private final Models models;

  @Option(names = "--json", description = "Print one JSON array.")
  private boolean json;

  @Mixin private EngineOptions engine;

  ListCommand(Models models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    engine.check();
    try (var look = new LookHere(engine, models.environment())) {
      List<Listed> all = all(look);
      if (json) {
        models.json(all.stream().map(Listed::fields).toList());
      } else if (all.isEmpty()) {
        models.console().error("There is no model yet; 'solebox models import PATH' brings one.");
      } else {
        print(all, look);
      }
    }
    return 0;
  }

  private List<Listed> all(LookHere look) {
    List<Listed> all = new ArrayList<>();
    ModelStore store = models.store();
    for (ModelStore.Entry entry : store.entries()) {
      Manifest manifest = entry.current().manifest();
      all.add(Listed.of(store, entry, look.of(() -> store.file(entry.name(), manifest))));
    }
    all.addAll(plainFiles(look));
    models.environment().foreignModels().all().forEach(model -> all.add(Listed.of(model, look)));
    return all;
  }

  /** What lies in the folder of models as it was put there. */
  private List<Listed> plainFiles(LookHere look) {
    Path folder = models.environment().dataFolder().resolve("models");
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> inside = Files.list(folder)) {
      List<Listed> found = new ArrayList<>();
      for (Path file : inside.filter(ModelSources::isModel).sorted().toList()) {
        found.add(plainFile(file, look));
      }
      return found;
    } catch (IOException e) {
      throw StoreFailure.of(folder, e);
    }
  }

  private static Listed plainFile(Path file, LookHere look) throws IOException {
    boolean isFile = Files.isRegularFile(file);
    return new Listed(
        ModelSources.nameOf(file),
        "file",
        isFile ? Files.size(file) : 0,
        "",
        "",
        Optional.empty(),
        Optional.of(Files.getLastModifiedTime(file).toInstant()),
        Optional.empty(),
        false,
        Optional.of(file),
        Optional.empty(),
        look.of(() -> file));
  }

  private void print(List<Listed> all, LookHere look) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("NAME", "SIZE", "FORMAT", "LICENSE", "SOURCE", "CHANGED", "LAST USE", "HERE"));
    for (Listed model : all) {
      rows.add(
          List.of(
              model.name() + (model.pinned() ? " (pinned)" : ""),
              model.bytes() == 0 ? "" : Units.bytes(model.bytes()),
              (model.architecture() + " " + model.quantization()).strip(),
              model.license().orElse(""),
              model.source() + model.trouble().map(text -> ": " + text).orElse(""),
              model.changed().map(Models::time).orElse(""),
              model.lastUse().map(Models::time).orElse(""),
              model.here().words()));
    }
    models.table(rows);
    if (!look.knowsSpeed() && all.stream().anyMatch(model -> model.here().answers())) {
      models
          .console()
          .error(
              "How fast they are here is not known: nobody has measured how fast this device reads"
                  + " its memory. 'solebox models search' does, once.");
    }
  }
}
