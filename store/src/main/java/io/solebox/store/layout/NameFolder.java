package io.solebox.store.layout;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Disk;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The folder of one name: {@code <number>.json} for each generation, which never changes, and
 * {@code current}, which says which of them counts, and how the name was written. A folder without
 * {@code current} is of a name that was never finished.
 */
record NameFolder(Path path) {
  private static final String CURRENT = "current";
  private static final String PINNED = "pinned";
  private static final Pattern MANIFEST = Pattern.compile("([1-9]\\d{0,8})\\.json");
  private static final JsonReader READER = new JsonReader(new JsonLimits(10_000, 4, 1000, 10));

  /** What {@code current} says. */
  record Pointer(ModelName name, int generation) {}

  /** Empty where there is no such name. */
  Optional<Pointer> pointer() throws IOException {
    Path file = path.resolve(CURRENT);
    try {
      Map<String, Object> fields = READER.readObject(Files.readAllBytes(file));
      if (fields.get("name") instanceof String text
          && fields.get("generation") instanceof Long generation) {
        return Optional.of(
            new Pointer(
                ModelName.find(text).orElseThrow(() -> damaged(file, "its name is none")),
                Math.toIntExact(generation)));
      }
      throw damaged(file, "it lacks the name or the generation");
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (JsonException | ArithmeticException e) {
      throw damaged(file, e.getMessage());
    }
  }

  void point(Pointer to, Disk disk) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", to.name().toString());
    fields.put("generation", to.generation());
    disk.replace(path.resolve(CURRENT), new JsonWriter().bytes(fields));
  }

  void write(int number, Manifest manifest, Disk disk) throws IOException {
    disk.replace(file(number), manifest.bytes());
  }

  /** Empty where there is none of this number. */
  Optional<Generation> read(int number) throws IOException {
    Path file = file(number);
    try {
      Manifest manifest = Manifest.read(Files.readAllBytes(file), file.toString());
      return Optional.of(
          new Generation(number, manifest, Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** All generations, the oldest first. */
  List<Generation> readAll() throws IOException {
    List<Generation> generations = new ArrayList<>();
    for (int number : numbers()) {
      read(number).ifPresent(generations::add);
    }
    return generations;
  }

  /** The name, and what it stands for now; empty where there is no such name. */
  Optional<ModelStore.Entry> entry() throws IOException {
    Optional<Pointer> pointer = pointer();
    return pointer.isEmpty()
        ? Optional.empty()
        : read(pointer.get().generation())
            .map(now -> new ModelStore.Entry(pointer.get().name(), now, isPinned()));
  }

  boolean isPinned() {
    return Files.exists(path.resolve(PINNED));
  }

  void pin(boolean pinned, Disk disk) throws IOException {
    if (pinned) {
      disk.replace(path.resolve(PINNED), new byte[0]);
    } else {
      disk.delete(path.resolve(PINNED));
      disk.forceFolder(path);
    }
  }

  /** The numbers of the generations that there are, the oldest first. */
  List<Integer> numbers() throws IOException {
    List<Integer> numbers = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path)) {
      for (Path file : files) {
        Matcher manifest = MANIFEST.matcher(file.getFileName().toString());
        if (manifest.matches()) {
          numbers.add(Integer.parseInt(manifest.group(1)));
        }
      }
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    }
    Collections.sort(numbers);
    return numbers;
  }

  Path file(int number) {
    return path.resolve(number + ".json");
  }

  private static SoleboxException damaged(Path file, String how) {
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        file.toString(),
        "the store is damaged here: " + how,
        "Remove this file's folder, and pull or import the model again; its blobs are kept until"
            + " 'solebox models prune'.");
  }
}
