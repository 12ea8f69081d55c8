package io.solebox.store.intake;

import io.solebox.engine.source.file.Contents;
import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.layout.MediaTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files that make up a model.
 *
 * @param mediaTypes of each, the weights first
 * @param leftOut what lies beside them and does not belong to them
 */
record ModelFiles(Map<Path, String> mediaTypes, List<Path> leftOut) {
  /**
   * @param path a GGUF file, of several any, or a folder of safetensors
   */
  static ModelFiles of(Path path) throws IOException {
    Map<Path, String> files = new LinkedHashMap<>();
    boolean translated = ModelSources.isTranslated(path);
    Contents.read(path)
        .files()
        .forEach(file -> files.put(file, translated ? MediaTypes.SAFETENSORS : MediaTypes.GGUF));
    List<Path> leftOut = new ArrayList<>();
    if (translated) {
      Path folder = Files.isDirectory(path) ? path : path.toAbsolutePath().normalize().getParent();
      try (Stream<Path> beside = Files.list(folder)) {
        for (Path file : beside.sorted().toList()) {
          String name = file.getFileName().toString();
          if (files.keySet().stream().anyMatch(f -> f.endsWith(name))) {
            continue;
          }
          Optional<String> type = FolderFiles.companion(name);
          if (type.isPresent() && Files.isRegularFile(file)) {
            files.put(file, type.get());
          } else {
            leftOut.add(file);
          }
        }
      }
    }
    return new ModelFiles(files, leftOut);
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : mediaTypes.keySet()) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
