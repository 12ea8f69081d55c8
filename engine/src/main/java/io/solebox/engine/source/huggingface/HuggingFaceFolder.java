package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.SourceRole;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A folder as models are published in on Hugging Face.
 *
 * @param weights the safetensors file, or the index of several
 */
public record HuggingFaceFolder(Path folder, Path weights) {
  private static final String ENDING = ".safetensors";
  private static final String INDEX = "model.safetensors.index.json";
  private static final String CONFIG = "config.json";
  private static final String ADAPTER = "adapter_model.safetensors";

  /** Whether a path names such a model: a folder with its parts, or one of these parts. */
  public static boolean isOne(Path path) {
    String name = String.valueOf(path.getFileName());
    if (!Files.isDirectory(path)) {
      boolean index = name.endsWith(ENDING + ".index.json");
      boolean config = name.equals(CONFIG) && isOne(parent(path));
      return Files.isRegularFile(path) && (name.endsWith(ENDING) || index || config);
    }
    return Files.isRegularFile(path.resolve(CONFIG)) && !weightsOfModel(path).isEmpty()
        || Files.isRegularFile(path.resolve(INDEX));
  }

  private static Path parent(Path file) {
    return file.toAbsolutePath().getParent();
  }

  /** The safetensors files of a folder. */
  private static List<Path> weights(Path folder) {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    } catch (IOException e) {
      throw FileStamp.unreadable(folder, e);
    }
  }

  /** The same without those of an adapter, which may lie beside the description of its model. */
  private static List<Path> weightsOfModel(Path folder) {
    return weights(folder).stream().filter(file -> !file.endsWith(ADAPTER)).toList();
  }

  /** The safetensors files in the folder of a path. */
  public static List<Path> weightsBeside(Path path) {
    return weights(Files.isDirectory(path) ? path : parent(path));
  }

  /**
   * Finds the parts of a model.
   *
   * @param path the folder, or a file in it
   * @throws SoleboxException {@code MODEL_NOT_FOUND} for parts that are missing; {@code
   *     UNSUPPORTED_MODEL} for an adapter
   */
  static HuggingFaceFolder of(Path path) {
    boolean isFolder = Files.isDirectory(path);
    Path folder = isFolder ? path : parent(path);
    boolean hasConfig = Files.isRegularFile(folder.resolve(CONFIG));
    if (Files.isRegularFile(folder.resolve("adapter_config.json"))
        && (!hasConfig || path.endsWith(ADAPTER) || weightsOfModel(folder).isEmpty())) {
      SourceRole.ADAPTER.requireModel(path.toString());
    }
    if (!hasConfig) {
      throw missing(
          path,
          "there is no config.json beside the weights, which describes the model",
          "Put all files of the model into one folder, as they were published.");
    }
    boolean named = path.toString().endsWith(ENDING);
    return new HuggingFaceFolder(folder, named ? whole(path) : weightsOf(folder));
  }

  /**
   * Refuses a folder that lacks parts of a model.
   *
   * @throws SoleboxException naming them
   */
  public static void require(Path path) {
    of(path);
  }

  /** Of one file of several, the index. */
  private static Path whole(Path file) {
    if (!file.getFileName().toString().matches(".*-\\d{5}-of-\\d{5}\\.safetensors")) {
      return file;
    }
    String base = file.getFileName().toString().replaceFirst("-\\d{5}-of-\\d{5}\\.safetensors", "");
    Path index = file.resolveSibling(base + ENDING + ".index.json");
    if (!Files.isRegularFile(index)) {
      throw missing(
          file,
          "this is one of several files of a model, and their index is missing: "
              + Printable.name(index.getFileName().toString()),
          "Download it from where the other files are from.");
    }
    return index;
  }

  private static Path weightsOf(Path folder) {
    Optional<Path> usual =
        Stream.of("model.safetensors", INDEX)
            .map(folder::resolve)
            .filter(Files::isRegularFile)
            .findFirst();
    List<Path> others = weightsOfModel(folder);
    if (usual.isEmpty() && others.size() > 1) {
      throw missing(
          folder,
          "the model lies in several files, and their index is missing: " + INDEX,
          "Download it from where the other files are from, or name one file.");
    }
    return usual.orElseGet(
        () ->
            others.stream()
                .findFirst()
                .orElseThrow(
                    () ->
                        missing(
                            folder,
                            "there are no weights in safetensors in this folder",
                            "Use a version of the model in safetensors, or a GGUF file of it.")));
  }

  private static SoleboxException missing(Path place, String message, String remedy) {
    return new SoleboxException(ErrorCode.MODEL_NOT_FOUND, place.toString(), message, remedy);
  }

  Path file(String name) {
    return folder.resolve(name);
  }

  /** An object of JSON that may be missing. */
  Config optional(String name) {
    Path file = file(name);
    return Files.isRegularFile(file) ? Config.read(file) : Config.absent(file);
  }

  /**
   * What to call the model of a path: the folder's name; in the cache of Hugging Face's client the
   * name of the repository.
   */
  public static String nameOf(Path path) {
    Path folder = Files.isDirectory(path) ? path.toAbsolutePath().normalize() : parent(path);
    Path snapshots = folder.getParent();
    if (snapshots != null && String.valueOf(snapshots.getFileName()).equals("snapshots")) {
      String repository = String.valueOf(snapshots.toAbsolutePath().getParent().getFileName());
      return repository.replaceFirst("^models--(.*--)?", "");
    }
    return String.valueOf(folder.getFileName());
  }
}
