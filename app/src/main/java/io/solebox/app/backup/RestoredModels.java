package io.solebox.app.backup;

import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.Partial;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelStore;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * The models of a backup: those that are in it go into the store, beside what that has; of the
 * others it says which are missing here.
 */
final class RestoredModels implements AutoCloseable {
  private final BackupPlaces places;
  private final ModelStore store;
  private final Map<Digest, Path> received = new HashMap<>();
  private Optional<Partial> partial = Optional.empty();

  RestoredModels(BackupPlaces places) {
    this.places = places;
    this.store = ModelStore.open(places.store());
  }

  /** Writes the bytes of a blob. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Takes a blob, which nothing names yet. */
  void receive(Digest digest, String place, Content content) throws IOException {
    if (partial.isEmpty()) {
      partial = Optional.of(store.blobs().partial("restore-" + UUID.randomUUID(), "restores"));
    }
    Path file = partial.get().file(digest.hex());
    MessageDigest sha256 = Digest.sha256();
    try (OutputStream out =
        new DigestOutputStream(new BufferedOutputStream(Files.newOutputStream(file)), sha256)) {
      content.writeTo(out);
    }
    if (!Digest.ofFinished(sha256).equals(digest)) {
      throw BackupHead.noBackup(place, "a file of a model is not what its name says");
    }
    received.put(digest, file);
  }

  /**
   * Names what was received. Called when all is there and whole.
   *
   * @param folder in which the rest of the backup lies
   * @return the models that are not on this box
   */
  List<ListedModel> finish(BackupHead head, Path folder) throws IOException {
    partial.ifPresent(its -> its.claim(received.keySet()));
    received.forEach((digest, file) -> store.blobs().install(file, digest));
    List<ListedModel> missing = new ArrayList<>();
    for (ListedModel model : head.models()) {
      boolean here =
          switch (model) {
            case ListedModel.Stored stored -> isHere(stored);
            case ListedModel.OwnFile own -> isHere(own, folder);
          };
      if (!here) {
        missing.add(model);
      }
    }
    return missing;
  }

  private boolean isHere(ListedModel.Stored stored) {
    boolean all =
        stored.manifest().blobs().stream()
            .map(Descriptor::digest)
            .allMatch(digest -> store.blobs().find(digest).isPresent());
    Optional<Generation> now = store.current(stored.model());
    if (all && now.filter(n -> n.manifest().travelling().equals(stored.manifest())).isEmpty()) {
      store.publish(stored.model(), stored.manifest());
    }
    if (all && stored.pinned()) {
      store.pin(stored.model(), true);
    }
    return all;
  }

  /** What has its name here already stays; a name that leads elsewhere is none of ours. */
  private boolean isHere(ListedModel.OwnFile own, Path folder) throws IOException {
    if (own.name().contains("/") || !Descriptor.isTitle(own.name())) {
      return false;
    }
    Path here = places.models().resolve(own.name());
    if (!Files.exists(here)
        && Unpacked.of(own.part()) instanceof Unpacked.At(Path part)
        && Files.exists(folder.resolve(part))) {
      Files.createDirectories(places.models());
      Disk.SYSTEM.move(folder.resolve(part), here);
    }
    return Files.exists(here);
  }

  @Override
  public void close() {
    partial.ifPresent(Partial::discard);
    partial = Optional.empty();
  }
}
