package io.solebox.engine.source.file;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.source.FileStamp;
import io.solebox.engine.source.ModelSource;
import io.solebox.engine.source.gguf.CutFile;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.PartName;
import io.solebox.engine.source.huggingface.HuggingFaceFolder;
import io.solebox.engine.source.huggingface.HuggingFaceSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Opens what a path names, or says what it is instead of a model. */
public final class ModelSources {
  private static final String ENDING = ".gguf";
  private static final int MOST_NAMES = 8;

  private ModelSources() {}

  /**
   * Opens a model; its weights are not read yet.
   *
   * @throws SoleboxException {@code MODEL_NOT_FOUND}; {@code BAD_MODEL_FILE} for what is no model
   *     or a damaged one; {@code UNSUPPORTED_MODEL}; or as {@link GgufSource#open} says
   */
  public static ModelSource open(Path path, ModelSource.Access access) {
    if (HuggingFaceFolder.isOne(path)) {
      return openFolder(path, access);
    }
    requireGguf(path);
    return GgufSource.open(path, access);
  }

  /**
   * Opens an adapter in a GGUF file; its weights are not read yet.
   *
   * @throws SoleboxException as {@link #open}; {@code BAD_MODEL_FILE} for a file that is no adapter
   */
  public static ModelSource openAdapter(Path path, ModelSource.Access access) {
    requireGguf(path);
    return GgufSource.openAdapter(path, access);
  }

  /** Says what a file of weights is instead, where it is none. */
  private static ModelSource openFolder(Path path, ModelSource.Access access) {
    try {
      return HuggingFaceSource.open(path, access);
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.BAD_MODEL_FILE) {
        HuggingFaceFolder.weightsBeside(path).forEach(ModelSources::requireSafetensors);
      }
      throw e;
    }
  }

  private static void requireSafetensors(Path file) {
    Head head = head(file);
    if (!ForeignFiles.isSafetensors(head)) {
      ForeignFiles.recognise(head)
          .ifPresent(
              found -> {
                throw found.refusal(file.toString());
              });
    }
  }

  private static Head head(Path file) {
    try {
      return Head.read(file, FileStamp.of(file).bytes());
    } catch (IOException e) {
      throw FileStamp.unreadable(file, e);
    }
  }

  /** Refuses what is in no format that can be read, by its name. */
  static void requireGguf(Path path) {
    if (Files.isDirectory(path)) {
      throw folder(path);
    }
    Optional<Foreign> foreign = ForeignFiles.recognise(head(path));
    if (foreign.isPresent() && CutFile.isPiece(path)) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path.toString(),
          "this is a later piece of a file that was cut",
          CutFile.REMEDY);
    }
    if (foreign.isPresent()) {
      throw foreign.get().refusal(path.toString());
    }
  }

  /** What to call a file's model: without ending, and without the number of a part. */
  public static String nameOf(Path path) {
    return HuggingFaceFolder.isOne(path) ? HuggingFaceFolder.nameOf(path) : PartName.modelOf(path);
  }

  /** Whether a path names a model in another container than GGUF. */
  public static boolean isTranslated(Path path) {
    return HuggingFaceFolder.isOne(path);
  }

  /** Whether a path in a folder of models is one: a file, the first of several, or a folder. */
  public static boolean isModel(Path path) {
    return Files.isDirectory(path)
        ? HuggingFaceFolder.isOne(path)
        : isGguf(path) && !isLaterPart(path);
  }

  /** Whether the name ends as a model's does. */
  public static boolean isGguf(Path path) {
    return path.getFileName().toString().toLowerCase(Locale.ROOT).endsWith(ENDING);
  }

  /** Whether the file is a part of a model, but not the first. */
  public static boolean isLaterPart(Path path) {
    return PartName.of(path).filter(part -> part.number() > 1).isPresent();
  }

  private static SoleboxException folder(Path path) {
    try (Stream<Path> files = Files.list(path)) {
      List<Path> all = files.sorted().toList();
      List<String> models =
          all.stream()
              .filter(f -> isGguf(f) && !isLaterPart(f))
              .map(f -> f.getFileName().toString())
              .limit(MOST_NAMES)
              .toList();
      if (models.isEmpty() && !HuggingFaceFolder.weightsBeside(path).isEmpty()) {
        HuggingFaceFolder.require(path);
      }
      if (models.isEmpty() && all.stream().anyMatch(f -> f.endsWith("config.json"))) {
        return new SoleboxException(
            ErrorCode.MODEL_NOT_FOUND,
            path.toString(),
            "this is the folder of a model, without its weights in safetensors",
            "Download them into it, or use a GGUF file of the same model.");
      }
      return new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path.toString(),
          "this is a folder",
          models.isEmpty()
              ? "Name a .gguf file, or a folder with config.json and safetensors; there is none in it."
              : "Name a file in it: " + String.join(", ", models) + ".");
    } catch (IOException e) {
      return FileStamp.unreadable(path, e);
    }
  }
}
