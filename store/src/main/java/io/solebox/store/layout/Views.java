package io.solebox.store.layout;

import io.solebox.engine.source.gguf.PartName;
import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Models as programs want to see them: {@code views/<digest of the manifest>/<title>}, links to the
 * blobs under the names of the files. All of it can be made again from the manifests.
 */
final class Views {
  static final String FOLDER = "views";
  private static final String UNTITLED = "model.gguf";

  private final Path root;
  private final BlobStore blobs;
  private final Disk disk;

  Views(Path store, BlobStore blobs, Disk disk) {
    this.root = store.resolve(FOLDER);
    this.blobs = blobs;
    this.disk = disk;
  }

  Path root() {
    return root;
  }

  Path folder(Manifest manifest) {
    return root.resolve(manifest.digest().hex());
  }

  /** Whether it is there, with all links. */
  boolean isMade(Manifest manifest) {
    return Files.isDirectory(folder(manifest));
  }

  /** Makes it where it is missing, whole or not at all. Under the writer's lock. */
  void make(Manifest manifest) throws IOException {
    if (isMade(manifest)) {
      return;
    }
    Path fresh = root.resolve(UUID.randomUUID() + ".new");
    disk.createFolders(fresh);
    for (Map.Entry<String, Digest> link : links(manifest).entrySet()) {
      Path file = fresh.resolve(link.getKey());
      disk.createFolders(file.getParent());
      disk.link(file, file.getParent().relativize(blobs.pathOf(link.getValue())));
    }
    disk.forceFolder(fresh);
    disk.move(fresh, folder(manifest));
    disk.forceFolder(root);
  }

  private static Map<String, Digest> links(Manifest manifest) {
    Map<String, Digest> links = new TreeMap<>();
    for (Descriptor layer : manifest.layers()) {
      titleOf(layer).ifPresent(title -> links.putIfAbsent(title, layer.digest()));
    }
    return links;
  }

  private static Optional<String> titleOf(Descriptor layer) {
    return layer
        .title()
        .or(() -> MediaTypes.isGguf(layer.mediaType()) ? Optional.of(UNTITLED) : Optional.empty());
  }

  /**
   * What is to be opened: the folder for weights in safetensors, else the first GGUF file. Empty
   * for a manifest without weights that can be run.
   */
  Optional<Path> model(Manifest manifest) {
    List<Descriptor> layers = manifest.layers();
    if (layers.stream().anyMatch(layer -> layer.mediaType().equals(MediaTypes.SAFETENSORS))) {
      return Optional.of(folder(manifest));
    }
    return layers.stream()
        .filter(layer -> MediaTypes.isGguf(layer.mediaType()))
        .map(layer -> folder(manifest).resolve(titleOf(layer).orElseThrow()))
        .min(Comparator.comparingInt(Views::part));
  }

  private static int part(Path file) {
    return PartName.of(file).map(PartName::number).orElse(1);
  }
}
