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
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The files that make up a model.
 *
 * @param mediaTypes of each, the weights first
 * @param leftOut what lies beside them and does not belong to them
 */
record ModelFiles(Map<Path, String> mediaTypes, List<Path> leftOut) {
  private static final Set<String> COMPANIONS = Set.of("json", "model", "txt", "jinja");

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
          if (!Files.isRegularFile(file) || !isCompanion(name)) {
            leftOut.add(file);
          } else {
            files.put(file, isLicense(name) ? MediaTypes.LICENSE : MediaTypes.MODEL_FILE);
          }
        }
      }
    }
    return new ModelFiles(files, leftOut);
  }

  private static boolean isCompanion(String name) {
    String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    return COMPANIONS.contains(ending) || isLicense(name);
  }

  private static boolean isLicense(String name) {
    return name.toUpperCase(Locale.ROOT).startsWith("LICEN");
  }

  long bytes() throws IOException {
    long bytes = 0;
    for (Path file : mediaTypes.keySet()) {
      bytes += Files.size(file);
    }
    return bytes;
  }
}
