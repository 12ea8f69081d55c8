package io.solebox.engine.source.safetensors;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * {@code model.safetensors.index.json}: which file beside it has which tensor.
 *
 * @param files by the names of tensors
 */
record SafetensorsIndex(Path path, Map<String, String> files) {
  private static final int MOST_NAMES = 8;

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE}; {@code MODEL_NOT_FOUND} naming the files that
   *     are missing
   */
  static SafetensorsIndex read(Path path) {
    FileStamp.of(path);
    Map<String, Object> fields;
    try {
      fields = new JsonReader(JsonLimits.LOCAL).readObject(Files.readAllBytes(path));
    } catch (IOException e) {
      throw FileStamp.unreadable(path, e);
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          path + ", line " + e.line() + ", column " + e.column(),
          "This is not the JSON of an index: " + e.what(),
          "Download the file again; it may be cut short.",
          e);
    }
    if (!(fields.get("weight_map") instanceof Map<?, ?> map)) {
      throw bad(path, "has no weight_map, which says what lies in which file");
    }
    Map<String, String> files = new LinkedHashMap<>();
    map.forEach((tensor, file) -> files.put((String) tensor, fileName(path, tensor, file)));
    var index = new SafetensorsIndex(path, files);
    index.requireFiles();
    return index;
  }

  private static String fileName(Path path, Object tensor, Object file) {
    if (!(file instanceof String name) || !name.matches("[^/\\\\\\x00]+") || name.matches("\\.+")) {
      throw bad(path, "names no file beside it for tensor " + Printable.name((String) tensor));
    }
    return name;
  }

  private void requireFiles() {
    List<String> missing =
        names().stream().filter(name -> !Files.exists(path.resolveSibling(name))).toList();
    if (!missing.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.MODEL_NOT_FOUND,
          path.toString(),
          "the model lies in %d files, and beside the index %s missing: %s"
              .formatted(
                  names().size(),
                  missing.size() == 1 ? "one is" : missing.size() + " are",
                  Printable.line(
                      String.join(", ", missing.subList(0, Math.min(MOST_NAMES, missing.size()))))),
          "Download the missing files, under these names, into the folder of the index.");
    }
  }

  /** Of the files, each once. */
  List<String> names() {
    return files.values().stream().distinct().sorted().toList();
  }

  /**
   * @throws SoleboxException {@code BAD_MODEL_FILE} if a file has tensors that the index does not
   *     place there, or lacks one that it does
   */
  void check(String name, SafetensorsFile file) {
    var stored = new HashSet<String>();
    for (StoredTensor tensor : file.header().tensors()) {
      stored.add(tensor.name());
      if (!name.equals(files.get(tensor.name()))) {
        throw apart(file, "has a tensor that the index does not place there", tensor.name());
      }
    }
    files.forEach(
        (tensor, in) -> {
          if (in.equals(name) && !stored.contains(tensor)) {
            throw apart(file, "lacks a tensor that the index places there", tensor);
          }
        });
  }

  private SoleboxException apart(SafetensorsFile file, String what, String tensor) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        file.path() + ", tensor " + Printable.name(tensor),
        "the files of the model do not belong together: this one %s (%s)"
            .formatted(what, path.getFileName()),
        "Download all files of the model again, from one place.");
  }

  private static SoleboxException bad(Path path, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        path.toString(),
        "The index " + message + ".",
        "Download the file again, or compare it with the publisher's.");
  }
}
