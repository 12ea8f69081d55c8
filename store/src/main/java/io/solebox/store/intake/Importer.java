package io.solebox.store.intake;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.model.ModelHeader;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongConsumer;

/** Brings models that lie elsewhere on this machine into a store. */
public final class Importer {
  private final ModelStore store;

  public Importer(ModelStore store) {
    this.store = store;
  }

  /**
   * A file and what became of it.
   *
   * @param from where it lies, or lay
   */
  public record ImportedFile(Path from, Digest digest, long bytes, ImportWay way) {}

  /**
   * A model and what became of its files.
   *
   * @param leftOut what lies beside them and was not taken
   */
  public record Imported(
      ModelName name, Generation generation, List<ImportedFile> files, List<Path> leftOut) {}

  /** What to call the model of a path where nobody says. */
  public static ModelName nameOf(Path path) {
    return ModelName.resembling(ModelSources.nameOf(path));
  }

  /**
   * What to import, and how.
   *
   * @param path a GGUF file, of several any, or a folder of safetensors
   * @param way empty for the cheapest that is safe
   * @param title of a single file that has no name of its own
   * @param annotations further ones of the manifest
   */
  public record Request(
      Path path,
      ModelName name,
      Optional<ImportWay> way,
      Optional<String> title,
      Map<String, String> annotations) {
    public static Request of(Path path, ModelName name, Optional<ImportWay> way) {
      return new Request(path, name, way, Optional.empty(), Map.of());
    }
  }

  /**
   * Imports a model; its files stay where they are unless they are to be moved.
   *
   * @throws SoleboxException for what is no model, as {@link ModelSources#open}; for the store as
   *     {@link ModelStore}; {@code INVALID_PARAMETER} where the way cannot be gone
   */
  public Imported take(Request request, Progress progress) {
    Path path = request.path();
    ModelHeader header = ModelHeader.read(path);
    String key = Digest.of(path.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)).hex();
    try (Partial partial = store.blobs().partial("import-" + key, "imports " + request.name())) {
      ModelFiles files = ModelFiles.of(path);
      if (request.way().filter(way -> way == ImportWay.MOVE).isPresent()) {
        requireNoLinks(files);
      }
      var intake = new Intake(partial, request.way(), counter(files.bytes(), progress));
      List<Intake.Taken> taken = new ArrayList<>();
      for (Path file : files.mediaTypes().keySet()) {
        taken.add(intake.take(file));
      }
      Map<String, String> annotations = new HashMap<>();
      annotations.put(
          Annotations.IMPORTED_FROM, taken.getFirst().from().toAbsolutePath().toString());
      annotations.putAll(request.annotations());
      Manifest manifest = manifest(partial, header, files, taken, request.title(), annotations);
      Generation generation = store.publish(request.name(), manifest);
      for (Intake.Taken file : taken) {
        if (file.way() == ImportWay.MOVE) {
          Files.delete(file.from());
        }
      }
      partial.discard();
      return new Imported(
          request.name(),
          generation,
          taken.stream()
              .map(t -> new ImportedFile(t.from(), t.digest(), t.size(), t.way()))
              .toList(),
          files.leftOut());
    } catch (IOException e) {
      throw StoreFailure.of(path, e);
    }
  }

  /**
   * Lets a name stand for a model that was made in a partial, which is done with it.
   *
   * @param file in the partial
   * @param annotations of the manifest, beside what the file says
   * @throws SoleboxException for what is no model, as {@link ModelSources#open}; for the store as
   *     {@link ModelStore}
   */
  public Generation publishMade(
      Partial partial,
      Path file,
      ModelName name,
      Map<String, String> annotations,
      Progress progress) {
    Generation generation = store.publish(name, keepMade(partial, file, annotations, progress));
    partial.discard();
    return generation;
  }

  /**
   * Makes blobs of a model that was made in a partial, which claims them.
   *
   * @param file in the partial, gone afterwards
   * @param annotations of the manifest, beside what the file says
   * @return what a name can stand for
   * @throws SoleboxException for what is no model, as {@link ModelSources#open}; {@code IO_ERROR}
   */
  public Manifest keepMade(
      Partial partial, Path file, Map<String, String> annotations, Progress progress) {
    ModelHeader header = ModelHeader.read(file);
    try {
      long bytes = Files.size(file);
      Digest digest = Digest.of(file, counter(bytes, progress));
      var made = new Intake.Taken(file, file, digest, bytes, ImportWay.MOVE);
      var files = new ModelFiles(Map.of(file, MediaTypes.GGUF), List.of());
      return manifest(partial, header, files, List.of(made), Optional.empty(), annotations);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  /**
   * A model of files that are blobs already.
   *
   * @param partial that has claimed them
   * @param path in the partial: a GGUF file, of several any, or a folder of safetensors; further
   *     names of the blobs
   * @param digests of all files, by their names
   * @param annotations of the manifest, beside what the files say
   * @return what a name can stand for
   * @throws SoleboxException for what is no model, as {@link ModelSources#open}; {@code
   *     INVALID_PARAMETER} for files that do not belong to it; {@code IO_ERROR}
   */
  public Manifest ofBlobs(
      Partial partial, Path path, Map<String, Digest> digests, Map<String, String> annotations) {
    ModelHeader header = ModelHeader.read(path);
    try {
      ModelFiles files = ModelFiles.of(path);
      List<Description.Part> parts = new ArrayList<>();
      for (Path file : files.mediaTypes().keySet()) {
        Digest digest = digests.get(file.getFileName().toString());
        parts.add(new Description.Part(file, digest, Files.size(file)));
      }
      requireAll(digests.keySet(), parts);
      Description description = Description.of(header, files, parts, Optional.empty(), annotations);
      partial.claim(description.manifest().blobs().stream().map(Descriptor::digest).toList());
      store.blobs().install(partial, description.config());
      return description.manifest();
    } catch (IOException e) {
      throw StoreFailure.of(path, e);
    }
  }

  /** What would be left out is refused: somebody sent it to be used. */
  private static void requireAll(Set<String> names, List<Description.Part> parts) {
    Set<String> left = new TreeSet<>(names);
    parts.forEach(part -> left.remove(part.file().getFileName().toString()));
    if (!left.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "files",
          "%s does not belong to the model of the other files.".formatted(left.iterator().next()),
          "Send the files of one model: a GGUF file, all its parts, or a folder of safetensors with"
              + " its JSON files.");
    }
  }

  private static void requireNoLinks(ModelFiles files) {
    for (Path file : files.mediaTypes().keySet()) {
      if (Files.isSymbolicLink(file)) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "this is a link, and what it names cannot be moved through it",
            "Name the file itself, or use --copy.");
      }
    }
  }

  private static LongConsumer counter(long all, Progress progress) {
    long[] read = {0};
    return bytes -> {
      read[0] += bytes;
      progress.report("reading", all == 0 ? 1 : Math.min(1, (double) read[0] / all));
      if (progress.cancelled()) {
        throw new SoleboxException(
            ErrorCode.CANCELLED, "", "the import was interrupted", "Import the model again.");
      }
    };
  }

  /** Makes blobs of the files. */
  private Manifest manifest(
      Partial partial,
      ModelHeader header,
      ModelFiles files,
      List<Intake.Taken> taken,
      Optional<String> wantedTitle,
      Map<String, String> said) {
    List<Description.Part> parts =
        taken.stream().map(t -> new Description.Part(t.from(), t.digest(), t.size())).toList();
    Description description = Description.of(header, files, parts, wantedTitle, said);
    partial.claim(description.manifest().blobs().stream().map(Descriptor::digest).toList());
    store.blobs().install(partial, description.config());
    for (Intake.Taken file : taken) {
      store.blobs().install(file.file(), file.digest());
    }
    return description.manifest();
  }
}
