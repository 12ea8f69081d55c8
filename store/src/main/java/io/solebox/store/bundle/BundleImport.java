package io.solebox.store.bundle;

import static java.util.stream.Collectors.joining;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.transfer.RoomCheck;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings what a bundle holds into a store: all of it or nothing that has a name. Nothing is written
 * before a trusted key has vouched for names, sizes and digests of all that is to come, and nothing
 * leaves the partial before all of it was found to be so.
 */
public final class BundleImport {
  private final Path storeFolder;
  private final ModelStore store;
  private final TrustFolder trust;
  private final Space space;
  private final ImportLog log;

  /**
   * @param disk what changes the store
   * @param space what tells how much room there is
   */
  public BundleImport(Path storeFolder, TrustFolder trust, Disk disk, Space space) {
    this.storeFolder = storeFolder.toAbsolutePath();
    this.store = ModelStore.open(storeFolder, disk);
    this.trust = trust;
    this.space = space;
    this.log = new ImportLog(store.blobs(), this.storeFolder, disk);
  }

  /**
   * What to import.
   *
   * @param files the bundle, or its pieces in any order
   * @param allowOlder whether it may bring back what was there before
   * @param runtimeTo a folder that is to be made of the runtime; empty to leave that
   */
  public record Request(List<Path> files, boolean allowOlder, Optional<Path> runtimeTo) {
    public Request {
      files = List.copyOf(files);
    }

    String place() {
      return files.getFirst().toString();
    }

    boolean wants(BundleItem item) {
      return switch (item) {
        case BundleItem.Model _ -> true;
        case BundleItem.Runtime _ -> runtimeTo.isPresent();
      };
    }
  }

  /**
   * What was brought.
   *
   * @param signer who vouched for it
   * @param runtimeLeft whether there was a runtime that nobody asked for
   */
  public record Imported(
      TrustFolder.Trusted signer, Map<ModelName, Generation> models, boolean runtimeLeft) {}

  /**
   * Imports a bundle. What breaks off is gone on with by the same call; what is not what was signed
   * changes nothing.
   *
   * @throws SoleboxException {@code UNTRUSTED}; {@code BAD_BUNDLE}; {@code DISK_FULL} before
   *     anything is written; {@code IN_USE}; {@code CANCELLED}; as of {@link ModelStore}
   */
  public Imported run(Request request, Progress progress) {
    try (Pieces pieces = Pieces.open(request.files())) {
      List<TrustFolder.Trusted> signer = new ArrayList<>();
      BundleHead head =
          BundleHead.read(pieces, envelope -> signer.add(trust.verify(envelope, request.place())));
      List<BundleItem> items = head.index().items().stream().filter(request::wants).toList();
      Needed needed = Needed.by(items, store.blobs(), request.place());
      requireRuntime(items, request);
      requireNotOlder(head, items, request);
      requireOmitted(head, needed, request);
      requireRoom(head, needed, request);
      Map<ModelName, Generation> models = receive(head, pieces, items, needed, request, progress);
      return new Imported(signer.getFirst(), models, items.size() < head.index().items().size());
    } catch (IOException e) {
      throw StoreFailure.of(storeFolder, e);
    }
  }

  private static void requireRuntime(List<BundleItem> items, Request request) {
    request.runtimeTo().ifPresent(RuntimeFolder::requireNew);
    if (request.runtimeTo().isPresent()
        && items.stream().noneMatch(BundleItem.Runtime.class::isInstance)) {
      throw BundleFault.refused(
          request.place(),
          "it brings no runtime",
          "Import it without --runtime-to, or take another bundle.");
    }
  }

  private void requireNotOlder(BundleHead head, List<BundleItem> items, Request request) {
    List<String> older = request.allowOlder() ? List.of() : log.older(items, head.index().made());
    if (!older.isEmpty()) {
      throw BundleFault.refused(
          request.place(),
          "it was made at %s, and is older than what has come before: %s"
              .formatted(head.index().made(), String.join("; ", older)),
          "Take the newer bundle; --allow-older brings the older state back all the same.");
    }
  }

  private static void requireOmitted(BundleHead head, Needed needed, Request request) {
    List<Descriptor> missing =
        head.plan().omitted().stream()
            .filter(blob -> needed.lacks(blob.digest(), blob.size()))
            .toList();
    if (!missing.isEmpty()) {
      throw BundleFault.refused(
          request.place(),
          "it was made for a machine that has these files already, and this one has not: "
              + missing.stream()
                  .map(blob -> blob.title().orElse(blob.mediaType()) + " (" + blob.digest() + ")")
                  .collect(joining(", ")),
          "Import the bundle that brought them first, or let one be made without --since.");
    }
  }

  private void requireRoom(BundleHead head, Needed needed, Request request) throws IOException {
    Path begun = store.blobs().partials().resolve(key(head));
    long missing = 0;
    long runtime = 0;
    for (BundlePlan.Entry entry : head.plan().entries()) {
      if (needed.lacks(entry)) {
        Path file = begun.resolve(entry.digest().hex());
        missing += Math.max(0, entry.tar().size() - (Files.exists(file) ? Files.size(file) : 0));
      }
      runtime += needed.runtime().contains(entry.digest()) ? entry.tar().size() : 0;
    }
    Path there = storeFolder;
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    RoomCheck.require(there, missing, space);
    if (request.runtimeTo().isPresent()) {
      Path above = request.runtimeTo().get().toAbsolutePath().normalize().getParent();
      boolean sameDisk = Files.getFileStore(above).equals(Files.getFileStore(there));
      RoomCheck.require(above, runtime + (sameDisk ? missing : 0), space);
    }
  }

  private static String key(BundleHead head) {
    return "bundle-" + head.id().hex();
  }

  private Map<ModelName, Generation> receive(
      BundleHead head,
      Pieces pieces,
      List<BundleItem> items,
      Needed needed,
      Request request,
      Progress progress)
      throws IOException {
    try (Partial partial = store.blobs().partial(key(head), "imports a bundle")) {
      partial.claim(needed.models());
      Map<Digest, Path> received = take(new Arrival(head, pieces, progress), needed, partial);
      log.note(items, head.index().made());
      for (Digest digest : needed.models()) {
        received.computeIfPresent(digest, (_, file) -> store.blobs().install(file, digest));
      }
      Map<ModelName, Generation> models = publish(items, received, request);
      partial.discard();
      return models;
    }
  }

  /** Of a bundle that is not what was signed nothing stays. */
  private static Map<Digest, Path> take(Arrival arrival, Needed needed, Partial partial)
      throws IOException {
    try {
      return arrival.take(needed::lacks, digest -> partial.file(digest.hex()));
    } catch (SoleboxException e) {
      if (e.code() == ErrorCode.BAD_BUNDLE) {
        partial.discard();
      }
      throw e;
    }
  }

  private Map<ModelName, Generation> publish(
      List<BundleItem> items, Map<Digest, Path> received, Request request) throws IOException {
    Map<ModelName, Generation> models = new LinkedHashMap<>();
    for (BundleItem item : items) {
      switch (item) {
        case BundleItem.Model(ModelName name, var manifest) ->
            models.put(name, store.publish(name, manifest));
        case BundleItem.Runtime(var manifest) ->
            RuntimeFolder.write(
                manifest,
                digest -> received.getOrDefault(digest, store.blobs().pathOf(digest)),
                request.runtimeTo().orElseThrow());
      }
    }
    return models;
  }
}
