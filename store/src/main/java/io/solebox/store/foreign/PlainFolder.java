package io.solebox.store.foreign;

import io.solebox.engine.source.file.ModelSources;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A folder of GGUF files without digests.
 *
 * @param published whether they lie as Hugging Face publishes them, in {@code <user>/<name>/}, as
 *     LM Studio's do; else they lie in the folder itself
 */
record PlainFolder(Path root, String program, boolean published) implements ForeignFolder {
  @Override
  public List<ForeignModel> models() throws IOException {
    List<ForeignModel> models = new ArrayList<>();
    for (Path file : files()) {
      models.add(model(name(file), file));
    }
    return models;
  }

  private List<Path> files() throws IOException {
    if (!published) {
      return FolderScan.models(root);
    }
    List<Path> files = new ArrayList<>();
    for (Path user : FolderScan.list(root)) {
      for (Path model : FolderScan.list(user)) {
        files.addAll(FolderScan.models(model));
      }
    }
    return files;
  }

  private ModelName name(Path file) {
    Path folder = file.getParent();
    String tag = FolderScan.quantization(file).orElse(file.getFileName().toString());
    String repository = folder.getParent().getFileName() + "/" + folder.getFileName();
    return (published
            ? ModelName.find("hf.co/" + repository + ":" + tag)
            : Optional.<ModelName>empty())
        .orElseGet(() -> ModelName.resembling(ModelSources.nameOf(file)));
  }

  private ForeignModel model(ModelName name, Path file) throws IOException {
    long bytes = FolderScan.bytes(file);
    return bytes == 0
        ? ForeignModel.missing(name, program, file)
        : new ForeignModel(name, program, file, bytes, Optional.empty(), Optional.empty());
  }

  @Override
  public List<Path> candidates(Digest digest, long bytes) throws IOException {
    List<Path> found = new ArrayList<>();
    for (Path file : files()) {
      if (Files.isRegularFile(file) && Files.size(file) == bytes) {
        found.add(file);
      }
    }
    return found;
  }
}
