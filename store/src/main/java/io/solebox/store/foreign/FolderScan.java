package io.solebox.store.foreign;

import io.solebox.engine.source.file.ModelSources;
import io.solebox.engine.source.gguf.PartName;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the folders of other programs have in common. */
final class FolderScan {
  /** Files beside models that are none (ggml-org/llama.cpp: common/download.cpp). */
  private static final List<String> NO_MODELS =
      List.of("mmproj", "imatrix", "mtp-", "eagle3-", "dflash-", "dspark-");

  /** A quantization at the end of a file's name, with what is written before it by some. */
  private static final Pattern QUANTIZATION =
      Pattern.compile(
          "(?:^|[-_.])((?:UD-)?(?:I?Q\\d(?:_[A-Z0-9]+)*|TQ\\d_\\d|MXFP4(?:_MOE)?|NVFP4|BF16|F16|F32|FP16|FP32))$",
          Pattern.CASE_INSENSITIVE);

  private FolderScan() {}

  /** In order; nothing where there is no such folder, or it is another's. */
  static List<Path> list(Path folder) throws IOException {
    List<Path> all = new ArrayList<>();
    try (DirectoryStream<Path> inside = Files.newDirectoryStream(folder)) {
      inside.forEach(all::add);
    } catch (NoSuchFileException | NotDirectoryException | AccessDeniedException e) {
      return List.of();
    }
    Collections.sort(all);
    return all;
  }

  /** GGUF files of models in a folder, of several that belong together the first. */
  static List<Path> models(Path folder) throws IOException {
    return list(folder).stream().filter(FolderScan::isModel).toList();
  }

  static boolean isModel(Path file) {
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    return ModelSources.isGguf(file)
        && !ModelSources.isLaterPart(file)
        && NO_MODELS.stream().noneMatch(name::contains);
  }

  /** As in {@code Q4_K_M}, from the name of a file; empty where it does not say. */
  static Optional<String> quantization(Path file) {
    Matcher found = QUANTIZATION.matcher(ModelSources.nameOf(file));
    return found.find() ? Optional.of(found.group(1).toUpperCase(Locale.ROOT)) : Optional.empty();
  }

  /** Of a file with all that belong to it; 0 where one is missing. */
  static long bytes(Path first) throws IOException {
    Optional<PartName> part = PartName.of(first);
    if (part.isEmpty()) {
      return Files.exists(first) ? Files.size(first) : 0;
    }
    long bytes = 0;
    String prefix = part.get().model() + "-";
    String ending = String.format(Locale.ROOT, "-of-%05d.gguf", part.get().count());
    int found = 0;
    for (Path file : list(first.toAbsolutePath().getParent())) {
      String name = file.getFileName().toString();
      if (name.startsWith(prefix) && name.endsWith(ending) && Files.exists(file)) {
        found++;
        bytes += Files.size(file);
      }
    }
    return found == part.get().count() ? bytes : 0;
  }
}
