package io.solebox.store.pull;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.model.ModelHeader;
import io.solebox.store.blob.BlobStore;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.intake.ModelFacts;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.pull.http.Outbound;
import io.solebox.store.pull.source.Offer;
import io.solebox.store.pull.source.RemoteFile;
import io.solebox.store.pull.source.Source;
import io.solebox.store.pull.source.Variant;
import io.solebox.store.pull.transfer.Identity;
import io.solebox.store.pull.transfer.Origin;
import io.solebox.store.pull.transfer.RoomCheck;
import io.solebox.store.pull.transfer.SourceChangedException;
import io.solebox.store.pull.transfer.Transfer;
import io.solebox.store.pull.transfer.TransferOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Brings a model of an offer into the store, all of it or nothing that has a name. What is on this
 * machine already is not fetched; what another process fetches is waited for.
 */
public final class Pull {
  private static final Duration ASK_OWNER = Duration.ofMillis(500);

  private final ModelStore store;
  private final Outbound outbound;
  private final TransferOptions options;
  private final Whereabouts elsewhere;

  public Pull(ModelStore store, Outbound outbound, TransferOptions options, Whereabouts elsewhere) {
    this.store = store;
    this.outbound = outbound;
    this.options = options;
    this.elsewhere = elsewhere;
  }

  /**
   * What is to be brought.
   *
   * @param name under which it will be found
   * @param chosenBecause why this variant, where nobody named one
   * @param annotations further ones of the manifest
   */
  public record Order(
      ModelName name,
      Offer offer,
      Variant variant,
      Optional<String> chosenBecause,
      Map<String, String> annotations) {
    public Order {
      annotations = Map.copyOf(annotations);
    }

    public Order with(String annotation, String value) {
      Map<String, String> more = new LinkedHashMap<>(annotations);
      more.put(annotation, value);
      return new Order(name, offer, variant, chosenBecause, more);
    }

    List<RemoteFile> files() {
      List<RemoteFile> files = new ArrayList<>(variant.parts());
      offer.beside().forEach(beside -> files.add(beside.file()));
      return files;
    }
  }

  /** Bytes of an order that are still to come, and have not come with a pull that broke off. */
  public long missingBytes(Order order) {
    try {
      long missing = 0;
      for (RemoteFile file : order.files()) {
        if (!isHere(file)) {
          Path folder = store.blobs().partials().resolve(file.identity().key());
          missing += Math.max(0, file.bytes() - Transfer.bytesDone(folder));
        }
      }
      return missing;
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    }
  }

  private boolean isHere(RemoteFile file) {
    return switch (file.identity()) {
      case Identity.Sha256(Digest digest) -> store.blobs().find(digest).isPresent();
      case Identity.GitBlob _ -> false;
    };
  }

  /**
   * Brings all files here, and lets the name stand for them.
   *
   * @throws SoleboxException as sources, disks and networks are; what has come is kept
   * @throws InterruptedException if somebody wants it to end; what has come is kept
   */
  public Generation run(Order order, Source source, PullListener listener)
      throws InterruptedException {
    order.variant().requireAllParts();
    List<Partial> partials = new ArrayList<>();
    var standing = new Together(order, listener);
    try {
      requireRoom(order, 0);
      Map<RemoteFile, Descriptor> blobs = new LinkedHashMap<>();
      for (RemoteFile file : order.files()) {
        standing.begin(file);
        blobs.put(file, bring(order, source, file, partials, standing));
        standing.end(file);
      }
      Generation published = store.publish(order.name(), manifest(order, blobs, partials));
      partials.forEach(Partial::discard);
      partials.clear();
      return published;
    } catch (IOException e) {
      throw StoreFailure.of(store.blobs().root(), e);
    } finally {
      partials.forEach(Partial::close);
    }
  }

  /**
   * Looks whether the disk has room for what is still to come.
   *
   * @param further bytes that will be written besides
   * @throws SoleboxException {@code DISK_FULL} with the numbers
   */
  public void requireRoom(Order order, long further) throws IOException {
    Path there = store.blobs().partials();
    while (!Files.exists(there)) {
      there = there.getParent();
    }
    RoomCheck.require(there, missingBytes(order) + further, options.space());
  }

  private Descriptor bring(
      Order order, Source source, RemoteFile file, List<Partial> partials, Together standing)
      throws IOException, InterruptedException {
    Partial partial = own(order, file, standing);
    partials.add(partial);
    if (file.identity() instanceof Identity.Sha256(Digest digest)) {
      partial.claim(List.of(digest));
      Optional<Path> here = store.blobs().find(digest).or(() -> adopt(partial, digest, file));
      if (here.isPresent()) {
        return descriptor(order, file, digest);
      }
    }
    Origin origin = source.origin(file);
    var transfer = new Transfer(partial.folder(), origin, outbound, options, standing);
    Origin.Located first = origin.locate();
    if (first.bytes() != file.bytes() || !first.identity().equals(file.identity())) {
      throw changed(file);
    }
    try {
      Transfer.Fetched fetched = transfer.fetch(first);
      partial.claim(List.of(fetched.digest()));
      store.blobs().install(fetched.file(), fetched.digest());
      return descriptor(order, file, fetched.digest());
    } catch (SourceChangedException e) {
      partials.remove(partial);
      partial.discard();
      throw changed(file);
    }
  }

  private static SoleboxException changed(RemoteFile file) {
    return new SoleboxException(
        ErrorCode.MODEL_FILE_CHANGED,
        file.path(),
        "The source has another file under this name since it was looked at.",
        "Pull it again, to get what is there now.");
  }

  /** Waits while somebody else brings the same file. */
  private Partial own(Order order, RemoteFile file, Together standing)
      throws IOException, InterruptedException {
    BlobStore blobs = store.blobs();
    boolean said = false;
    while (true) {
      try {
        return blobs.partial(file.identity().key(), "pulls " + order.name());
      } catch (SoleboxException e) {
        if (e.code() != ErrorCode.IN_USE) {
          throw e;
        }
        if (!said) {
          standing.note("Waiting for another pull of the same file: " + e.getMessage() + ".");
          said = true;
        }
        standing.bytes(Transfer.bytesDone(blobs.partials().resolve(file.identity().key())));
        outbound.patience().sleeper().sleep(ASK_OWNER);
      }
    }
  }

  /** A copy of what another program has; the file system shares its bytes where it can. */
  private Optional<Path> adopt(Partial partial, Digest digest, RemoteFile file) {
    for (Path candidate : elsewhere.candidates(digest, file.bytes())) {
      Path copy = partial.file("copy");
      try {
        Files.copy(candidate, copy, StandardCopyOption.REPLACE_EXISTING);
        if (Digest.of(copy, _ -> {}).equals(digest)) {
          return Optional.of(store.blobs().install(copy, digest));
        }
        Files.delete(copy); // it is not what it says
      } catch (IOException e) {
        throw StoreFailure.of(copy, e);
      }
    }
    return Optional.empty();
  }

  private static Descriptor descriptor(Order order, RemoteFile file, Digest digest) {
    return order.offer().beside().stream()
        .filter(beside -> beside.file().equals(file))
        .findFirst()
        .map(beside -> new Descriptor(beside.mediaType(), digest, file.bytes()))
        .orElseGet(
            () ->
                Descriptor.titled(
                    order.variant().mediaType(file), digest, file.bytes(), file.name()));
  }

  private Manifest manifest(Order order, Map<RemoteFile, Descriptor> blobs, List<Partial> partials)
      throws IOException {
    Partial partial = partials.getFirst();
    Optional<ModelHeader> header = header(order, blobs, partial);
    Map<String, String> annotations = new LinkedHashMap<>();
    header.map(ModelFacts::annotations).ifPresent(annotations::putAll);
    Offer offer = order.offer();
    annotations.put(Annotations.SOURCE, offer.place());
    annotations.put(Annotations.REVISION, offer.revision());
    offer.licence().ifPresent(licence -> annotations.put(Annotations.LICENSES, licence));
    order
        .variant()
        .quantization()
        .ifPresent(q -> annotations.put(Annotations.QUANTIZATION, q.name()));
    order.chosenBecause().ifPresent(why -> annotations.put(Annotations.CHOSEN_BECAUSE, why));
    annotations.putAll(order.annotations());
    List<Digest> weights =
        order.variant().parts().stream().map(part -> blobs.get(part).digest()).toList();
    String format = order.variant().isFolder() ? "safetensors" : "gguf";
    byte[] config =
        header
            .map(h -> ModelFacts.config(h, format, weights))
            .orElseGet(() -> new JsonWriter().bytes(Map.of("config", Map.of("format", format))));
    Digest digest = Digest.of(config);
    partial.claim(List.of(digest));
    store.blobs().install(partial, config);
    return new Manifest(
        new Descriptor(MediaTypes.CONFIG, digest, config.length),
        List.copyOf(blobs.values()),
        annotations);
  }

  /** Read under the names of the files, by which parts find each other; empty if it cannot be. */
  private Optional<ModelHeader> header(
      Order order, Map<RemoteFile, Descriptor> blobs, Partial partial) throws IOException {
    Path look = Files.createDirectories(partial.file("look"));
    for (RemoteFile part : order.variant().parts()) {
      Path link = look.resolve(part.name());
      Files.deleteIfExists(link);
      Files.createSymbolicLink(link, store.blobs().pathOf(blobs.get(part).digest()));
    }
    try {
      String first = order.variant().parts().getFirst().name();
      return Optional.of(ModelHeader.read(order.variant().isFolder() ? look : look.resolve(first)));
    } catch (SoleboxException e) {
      return Optional.empty(); // whoever runs it hears why
    }
  }
}
