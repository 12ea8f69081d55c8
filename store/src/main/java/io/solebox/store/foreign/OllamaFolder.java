package io.solebox.store.foreign;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ollama's models: {@code manifests/<host>/<namespace>/<model>/<tag>} and {@code
 * blobs/sha256-<hex>} (ollama/ollama: manifest/paths.go).
 */
record OllamaFolder(Path root) implements ForeignFolder {
  private static final String PROGRAM = "Ollama";
  private static final String WEIGHTS = "application/vnd.ollama.image.model";

  @Override
  public List<ForeignModel> models() throws IOException {
    List<ForeignModel> models = new ArrayList<>();
    for (Path host : FolderScan.list(root.resolve("manifests"))) {
      for (Path namespace : FolderScan.list(host)) {
        for (Path model : FolderScan.list(namespace)) {
          for (Path tag : FolderScan.list(model)) {
            name(host, namespace, model, tag).ifPresent(name -> models.add(model(name, tag)));
          }
        }
      }
    }
    return models;
  }

  private static Optional<ModelName> name(Path host, Path namespace, Path model, Path tag) {
    return ModelName.find(
        "%s/%s/%s:%s"
            .formatted(
                host.getFileName(),
                namespace.getFileName(),
                model.getFileName(),
                tag.getFileName()));
  }

  private ForeignModel model(ModelName name, Path file) {
    Manifest manifest;
    try {
      manifest = Manifest.readForeign(Files.readAllBytes(file), file.toString());
    } catch (IOException e) {
      return trouble(name, file, "unreadable, at " + file);
    } catch (SoleboxException e) {
      return trouble(name, file, "damaged, at " + file);
    }
    List<Descriptor> weights =
        manifest.layers().stream().filter(l -> l.mediaType().equals(WEIGHTS)).toList();
    if (weights.isEmpty()) {
      return trouble(name, file, "not in GGUF");
    }
    Descriptor layer = weights.getFirst();
    Path blob = blob(layer.digest());
    if (!Files.isRegularFile(blob)) {
      return ForeignModel.missing(name, PROGRAM, blob);
    }
    return new ForeignModel(
        name, PROGRAM, blob, layer.size(), Optional.of(layer.digest()), Optional.empty());
  }

  private static ForeignModel trouble(ModelName name, Path file, String trouble) {
    return new ForeignModel(name, PROGRAM, file, 0, Optional.empty(), Optional.of(trouble));
  }

  private Path blob(Digest digest) {
    return root.resolve("blobs").resolve("sha256-" + digest.hex());
  }

  @Override
  public List<Path> candidates(Digest digest, long bytes) throws IOException {
    Path blob = blob(digest);
    return Files.isRegularFile(blob) && Files.size(blob) == bytes ? List.of(blob) : List.of();
  }
}
