package io.solebox.store.foreign;

import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The cache of Hugging Face's client, which llama.cpp shares: {@code models--<user>--<name>} with
 * {@code refs/<branch>}, {@code snapshots/<commit>/<file>} and {@code blobs/<digest>}
 * (huggingface/huggingface_hub: file_download.py).
 */
record HuggingFaceCache(Path root) implements ForeignFolder {
  private static final String PROGRAM = "Hugging Face";
  private static final Pattern REPOSITORY = Pattern.compile("models--(.+?)--(.+)");
  private static final int STEPS = 3;

  @Override
  public List<ForeignModel> models() throws IOException {
    Map<ModelName, ForeignModel> models = new LinkedHashMap<>();
    for (Path repository : FolderScan.list(root)) {
      Matcher name = REPOSITORY.matcher(repository.getFileName().toString());
      if (name.matches()) {
        for (Path snapshot : snapshots(repository)) {
          for (ForeignModel model : models(snapshot, name.group(1) + "/" + name.group(2))) {
            models.putIfAbsent(model.name(), model);
          }
        }
      }
    }
    return List.copyOf(models.values());
  }

  /** Those that a branch names first, main before others. */
  private static List<Path> snapshots(Path repository) throws IOException {
    Set<Path> snapshots = new LinkedHashSet<>();
    Path folder = repository.resolve("snapshots");
    List<Path> refs = new ArrayList<>(FolderScan.list(repository.resolve("refs")));
    refs.sort((a, b) -> Boolean.compare(b.endsWith("main"), a.endsWith("main")));
    for (Path ref : refs) {
      if (Files.isRegularFile(ref) && Files.size(ref) <= 100) {
        String commit = Files.readString(ref).strip();
        if (commit.matches("[0-9a-f]{4,64}") && Files.isDirectory(folder.resolve(commit))) {
          snapshots.add(folder.resolve(commit));
        }
      }
    }
    snapshots.addAll(FolderScan.list(folder));
    return List.copyOf(snapshots);
  }

  private static List<ForeignModel> models(Path snapshot, String repository) throws IOException {
    List<ForeignModel> models = new ArrayList<>();
    List<Path> files;
    try (Stream<Path> all = Files.walk(snapshot, STEPS)) {
      files = all.filter(FolderScan::isModel).sorted().toList();
    }
    for (Path file : files) {
      String tag = FolderScan.quantization(file).orElse(file.getFileName().toString());
      ModelName.find("hf.co/" + repository + ":" + tag)
          .ifPresent(name -> models.add(model(name, file)));
    }
    if (ModelSources.isModel(snapshot)) {
      Optional<ModelName> name = ModelName.find("hf.co/" + repository);
      if (name.isPresent()) {
        models.add(folder(name.get(), snapshot));
      }
    }
    return models;
  }

  private static ForeignModel model(ModelName name, Path file) {
    try {
      long bytes = FolderScan.bytes(file);
      if (bytes == 0) {
        return ForeignModel.missing(name, PROGRAM, file);
      }
      Optional<Digest> digest = Digest.ofHex(file.toRealPath().getFileName().toString());
      return new ForeignModel(name, PROGRAM, file, bytes, digest, Optional.empty());
    } catch (IOException e) {
      return ForeignModel.missing(name, PROGRAM, file);
    }
  }

  private static ForeignModel folder(ModelName name, Path snapshot) throws IOException {
    long bytes = 0;
    for (Path file : FolderScan.list(snapshot)) {
      bytes += Files.isRegularFile(file) ? Files.size(file) : 0;
    }
    return new ForeignModel(name, PROGRAM, snapshot, bytes, Optional.empty(), Optional.empty());
  }

  @Override
  public List<Path> candidates(Digest digest, long bytes) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path repository : FolderScan.list(root)) {
      Path blob = repository.resolve("blobs").resolve(digest.hex());
      if (Files.isRegularFile(blob, LinkOption.NOFOLLOW_LINKS) && Files.size(blob) == bytes) {
        found.add(blob);
      }
    }
    return found;
  }
}
