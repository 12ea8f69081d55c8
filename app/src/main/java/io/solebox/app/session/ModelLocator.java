package io.solebox.app.session;

import io.solebox.app.console.Environment;
import io.solebox.app.console.RawArgument;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the file of the model that a person named. */
public final class ModelLocator {
  private final Environment environment;

  public ModelLocator(Environment environment) {
    this.environment = environment;
  }

  /**
   * A model and its file.
   *
   * @param name under which it is offered
   */
  public record Located(String name, Path file) {
    /** A file that is called by its own name. */
    private static Located of(Path file) {
      boolean isRoot = file.getFileName() == null; // which whoever opens it refuses
      return new Located(isRoot ? file.toString() : nameOf(file), file);
    }
  }

  /**
   * @param model a path, a name, or empty for the built-in model
   * @throws SoleboxException {@code MODEL_NOT_FOUND} with the names that there are
   */
  public Path locate(Optional<String> model) {
    return locateNamed(model).file();
  }

  /**
   * As {@link #locate}, with the name: of a model in the store or in another program's folder the
   * one that it has there, of others that of their file.
   */
  public Located locateNamed(Optional<String> model) {
    return model.map(this::named).orElseGet(() -> Located.of(builtIn()));
  }

  /** The name of a model by its file: without ending. */
  public static String nameOf(Path file) {
    return ModelSources.nameOf(file);
  }

  private Path builtIn() {
    return environment
        .builtIn(Environment.GUIDE)
        .orElseThrow(
            () ->
                notFound(
                    "built-in model",
                    "This build of Solebox has none.",
                    "Name a model: a path to a .gguf file or to a folder with safetensors. "
                        + installed()));
  }

  private Located named(String model) {
    if (model.isEmpty()) {
      throw notFound("MODEL", "The name is empty.", installed());
    }
    Path path = path(model);
    boolean isPath = model.contains("/") || ModelSources.isGguf(path);
    Optional<Path> installed = isPath ? Optional.empty() : installed(model);
    if (installed.isPresent()) {
      return Located.of(installed.get());
    }
    if (Files.exists(path)) {
      return Located.of(path);
    }
    Optional<Located> kept = stored(model).or(() -> foreign(model));
    if (kept.isPresent()) {
      return kept.get();
    }
    if (!isPath) {
      return Located.of(builtIn(model));
    }
    String there = Files.isSymbolicLink(path) ? "The file that this link names is not there." : "";
    throw notFound(model, there.isEmpty() ? "There is no such file." : there, installed());
  }

  private Path builtIn(String name) {
    return switch (name) {
      case Environment.GUIDE -> builtIn();
      case Environment.EMBEDDING ->
          environment
              .builtIn(name)
              .orElseThrow(
                  () ->
                      notFound(
                          name,
                          "This build has no model for embeddings.",
                          "Run scripts/minilm.sh in a checkout, which makes it of 83 MB from Maven"
                              + " Central; or put a minilm.gguf made elsewhere into "
                              + modelsFolder()
                              + "."));
      default ->
          throw notFound(
              name,
              "There is no model of this name in the store, nor in " + modelsFolder() + ".",
              installed());
    };
  }

  private static Path path(String model) {
    try {
      return RawArgument.path(model);
    } catch (InvalidPathException e) {
      throw notFound(
          "MODEL",
          "This is not a path: " + e.getReason() + ".",
          "Give a path or a name without that character.");
    }
  }

  private Path modelsFolder() {
    return environment.dataFolder().resolve("models");
  }

  private ModelStore store() {
    return ModelStore.open(environment.storeFolder());
  }

  private Optional<Located> stored(String model) {
    ModelStore store = store();
    return store
        .find(model)
        .flatMap(
            name ->
                store
                    .current(name)
                    .map(now -> new Located(name.toString(), store.file(name, now.manifest()))));
  }

  /** What another program keeps, to be run where it is. */
  private Optional<Located> foreign(String model) {
    return environment
        .foreignModels()
        .find(model)
        .map(found -> new Located(found.name().toString(), found.file()));
  }

  /** The file of an installed model. */
  private Optional<Path> installed(String name) {
    return models().filter(file -> nameOf(file).equals(name)).findFirst();
  }

  /** What there is to be named, for the end of a message. */
  private String installed() {
    List<String> names =
        Stream.concat(
                models().map(ModelLocator::nameOf),
                store().names().stream().map(ModelName::toString))
            .toList();
    return names.isEmpty()
        ? "Put .gguf files, or folders with safetensors, into "
            + modelsFolder()
            + ", or import them with 'solebox models import', to call them by name."
        : "Installed: " + String.join(", ", names) + ".";
  }

  /** Installed models, by one file each. */
  private Stream<Path> models() {
    if (!Files.isDirectory(modelsFolder())) {
      return Stream.empty();
    }
    try (Stream<Path> files = Files.list(modelsFolder())) {
      return files.filter(ModelSources::isModel).sorted().toList().stream();
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          modelsFolder().toString(),
          "The folder of the models cannot be read: " + e.getMessage(),
          "Check its permissions, or name a path to a .gguf file.",
          e);
    }
  }

  private static SoleboxException notFound(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.MODEL_NOT_FOUND, place, message, remedy);
  }
}
