package io.solebox.store.bundle;

import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The blobs of what is wanted of a bundle.
 *
 * @param models those that the store is to have
 * @param runtime those of the runtime, which the store is not to have
 */
record Needed(BlobStore blobs, Set<Digest> models, Set<Digest> runtime) {
  static Needed by(List<BundleItem> items, BlobStore blobs, String place) {
    var needed = new Needed(blobs, new LinkedHashSet<>(), new LinkedHashSet<>());
    for (BundleItem item : items) {
      switch (item) {
        case BundleItem.Model(var _, var manifest) ->
            manifest.blobs().forEach(blob -> needed.models().add(blob.digest()));
        case BundleItem.Runtime(var manifest) -> {
          RuntimeFolder.requireWritable(manifest, place);
          manifest.layers().forEach(file -> needed.runtime().add(file.digest()));
        }
      }
    }
    return needed;
  }

  /** Whether a file is wanted and not in the store. */
  boolean lacks(Digest digest, long size) {
    if (!models.contains(digest) && !runtime.contains(digest)) {
      return false;
    }
    Optional<Path> blob = blobs.find(digest);
    try {
      return blob.isEmpty() || Files.size(blob.get()) != size;
    } catch (IOException e) {
      throw StoreFailure.of(blob.get(), e);
    }
  }

  /** As {@link #lacks}, of a file of the bundle. */
  boolean lacks(BundlePlan.Entry entry) {
    return lacks(entry.digest(), entry.tar().size());
  }
}
