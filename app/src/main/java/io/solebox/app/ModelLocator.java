package io.solebox.app;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finds the file of the model that a person named. */
final class ModelLocator {
  /** Name of the built-in model. */
  static final String BUILT_IN = "solebox-guide";

  private static final String ENDING = ".gguf";

  private final Environment environment;

  ModelLocator(Environment environment) {
    this.environment = environment;
  }

  /**
   * @param model a path, a name, or empty for the built-in model
   * @throws SoleboxException {@code MODEL_NOT_FOUND} with the names that there are
   */
  Path locate(Optional<String> model) {
    return model.map(this::named).orElseGet(this::builtIn);
  }

  /** The name under which a model is offered: its file's name without ending. */
  static String nameOf(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(ENDING) ? name.substring(0, name.length() - ENDING.length()) : name;
  }

  private Path builtIn() {
    return environment
        .builtInModel()
        .filter(Files::isRegularFile)
        .orElseThrow(
            () ->
                notFound(
                    "built-in model",
                    "This build of Solebox has none.",
                    "Name a model: a path to a .gguf file. " + installed()));
  }

  private Path named(String model) {
    Path path = path(model);
    if (model.contains("/") || model.endsWith(ENDING)) {
      if (Files.isDirectory(path)) {
        throw notFound(model, "This is a folder.", "Name the .gguf file in it.");
      }
      if (Files.exists(path)) {
        return path;
      }
      throw notFound(model, "There is no such file.", installed());
    }
    Path inFolder = modelsFolder().resolve(model + ENDING);
    if (Files.exists(inFolder)) {
      return inFolder;
    }
    if (model.equals(BUILT_IN)) {
      return builtIn();
    }
    throw notFound(model, "There is no model of this name in " + modelsFolder() + ".", installed());
  }

  private static Path path(String model) {
    try {
      return Path.of(model);
    } catch (InvalidPathException e) {
      throw notFound("MODEL", "This is not a path: " + e.getReason() + ".", "");
    }
  }

  private Path modelsFolder() {
    return environment.dataFolder().resolve("models");
  }

  private String installed() {
    List<String> names = List.of();
    if (Files.isDirectory(modelsFolder())) {
      try (Stream<Path> files = Files.list(modelsFolder())) {
        names =
            files
                .filter(f -> f.toString().endsWith(ENDING))
                .map(ModelLocator::nameOf)
                .sorted()
                .toList();
      } catch (IOException e) {
        return "The folder " + modelsFolder() + " cannot be read.";
      }
    }
    return names.isEmpty()
        ? "Put .gguf files into " + modelsFolder() + " to call them by name."
        : "Installed: " + String.join(", ", names) + ".";
  }

  private static SoleboxException notFound(String place, String message, String remedy) {
    return new SoleboxException(ErrorCode.MODEL_NOT_FOUND, place, message, remedy);
  }
}
