package io.solebox.app.serve;

import io.solebox.server.share.SharedModels;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** All names of a store, for other machines. */
record SharedStore(ModelStore store) implements SharedModels {
  @Override
  public Optional<Manifest> manifest(String repository, String reference) {
    Optional<Digest> digest = Digest.parse(reference);
    Optional<io.solebox.store.layout.Manifest> found =
        digest.isPresent()
            ? generations(repository).stream()
                .map(generation -> generation.manifest().travelling())
                .filter(manifest -> manifest.digest().equals(digest.get()))
                .findFirst()
            : name(repository, reference)
                .flatMap(store::current)
                .map(now -> now.manifest().travelling());
    return found.map(
        manifest ->
            new Manifest(manifest.bytes(), MediaTypes.MANIFEST, manifest.digest().toString()));
  }

  /** The tag that registries take where none is named may be another one here. */
  private Optional<ModelName> name(String repository, String tag) {
    return store.find(tag.equals(ModelName.LATEST) ? repository : repository + ":" + tag);
  }

  private List<Generation> generations(String repository) {
    Optional<ModelName> untagged = ModelName.find(repository);
    return store.names().stream()
        .filter(name -> untagged.filter(name::isTagOf).isPresent())
        .flatMap(name -> store.generations(name).stream())
        .toList();
  }

  @Override
  public Optional<Path> blob(String repository, String text) {
    return Digest.parse(text)
        .filter(
            digest ->
                generations(repository).stream()
                    .flatMap(generation -> generation.manifest().blobs().stream())
                    .anyMatch(blob -> blob.digest().equals(digest)))
        .flatMap(store.blobs()::find);
  }
}
