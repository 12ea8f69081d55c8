package io.solebox.store.bundle;

import io.solebox.store.blob.Digest;
import io.solebox.store.intake.Description;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/** Models of this machine as something to bring to another, wherever they lie. */
public final class BundleContents {
  private BundleContents() {}

  /** A model of the store. */
  public static BundleMaker.Content stored(ModelStore store, ModelName name, Manifest manifest) {
    Map<Digest, BlobSource> sources = new HashMap<>();
    manifest
        .blobs()
        .forEach(
            blob ->
                sources.put(
                    blob.digest(), new BlobSource.InFile(store.blobs().pathOf(blob.digest()))));
    return new BundleMaker.Content(new BundleItem.Model(name, manifest.travelling()), sources);
  }

  /**
   * A model that lies elsewhere, as an import would take it.
   *
   * @param path a GGUF file, of several any, or a folder of safetensors
   * @param title of a single file that has no name of its own
   * @param progress hears how many bytes were read for their digests
   */
  public static BundleMaker.Content elsewhere(
      Path path, ModelName name, Optional<String> title, LongConsumer progress) {
    Description description = Description.of(path, title, progress);
    Map<Digest, BlobSource> sources = new HashMap<>();
    description.files().forEach((file, digest) -> sources.put(digest, new BlobSource.InFile(file)));
    sources.put(
        description.manifest().config().digest(), new BlobSource.AtHand(description.config()));
    return new BundleMaker.Content(new BundleItem.Model(name, description.manifest()), sources);
  }
}
