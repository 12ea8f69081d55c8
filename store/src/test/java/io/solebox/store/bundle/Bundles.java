package io.solebox.store.bundle;

import io.solebox.engine.backend.Progress;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.Partial;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.layout.Verifier;
import io.solebox.store.pull.transfer.TransferOptions.Space;
import io.solebox.store.sign.KeyName;
import io.solebox.store.sign.SigningKey;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Models, keys and boxes for tests of bundles. */
final class Bundles {
  static final Instant MADE = Instant.parse("2026-11-29T12:00:00Z");
  static final KeyName ACME = KeyName.parse("acme");

  private static final Set<String> MARKS = Set.of("lock.owner", "changes");

  private Bundles() {}

  /** Bytes that do not repeat. */
  static byte[] bytes(int seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** A model whose files are these. */
  static BundleMaker.Content model(String name, byte[]... files) {
    Map<Digest, BlobSource> sources = new HashMap<>();
    List<Descriptor> layers = new ArrayList<>();
    for (byte[] file : files) {
      Digest digest = Digest.of(file);
      sources.put(digest, new BlobSource.AtHand(file));
      layers.add(
          Descriptor.titled(
              MediaTypes.GGUF, digest, file.length, "file-" + layers.size() + ".gguf"));
    }
    byte[] config = "{}".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    sources.put(Digest.of(config), new BlobSource.AtHand(config));
    var manifest =
        new Manifest(
            new Descriptor(MediaTypes.CONFIG, Digest.of(config), config.length),
            layers,
            Map.of("io.solebox.test", name));
    return new BundleMaker.Content(new BundleItem.Model(ModelName.parse(name), manifest), sources);
  }

  static BundleMaker.Order order(Path out, BundleMaker.Content... contents) {
    return new BundleMaker.Order(
        List.of(contents), Set.of(), MADE, out, OptionalLong.empty(), false);
  }

  static BundleMaker.Made make(BundleMaker.Order order, SigningKey key) {
    return BundleMaker.make(order, key, Progress.none());
  }

  /** A machine with a store, which trusts a key. */
  record Box(Path home) {
    Box trusting(SigningKey key) {
      trust().add(ACME, key.verifyKey());
      // As any store that was ever used looks.
      try (Partial partial = store().blobs().partial("warm", "tests")) {
        partial.discard();
      }
      return this;
    }

    TrustFolder trust() {
      return new TrustFolder(home);
    }

    Path storeFolder() {
      return home.resolve("store");
    }

    ModelStore store() {
      return ModelStore.open(storeFolder());
    }

    BundleImport importer() {
      return importer(Disk.SYSTEM, Space.SYSTEM);
    }

    BundleImport importer(Disk disk, Space space) {
      return new BundleImport(storeFolder(), trust(), disk, space);
    }

    BundleImport.Imported take(Path... files) {
      return importer().run(request(files), Progress.none());
    }

    static BundleImport.Request request(Path... files) {
      return new BundleImport.Request(List.of(files), false, Optional.empty());
    }

    /** All names with what they stand for. */
    Map<String, Digest> names() {
      Map<String, Digest> names = new TreeMap<>();
      store()
          .entries()
          .forEach(e -> names.put(e.name().toString(), e.current().manifest().digest()));
      return names;
    }

    boolean isSound() {
      var verifier = new Verifier(store());
      return verifier.blobs(store().names()).stream()
          .allMatch(blob -> verifier.check(blob, _ -> {}).state() == Verifier.State.SOUND);
    }

    /**
     * Everything in the store but the marks of its lock: who had it last, and that somebody had.
     */
    Map<String, String> tree() {
      Path root = storeFolder();
      try (Stream<Path> all = Files.walk(root)) {
        Map<String, String> tree = new TreeMap<>();
        for (Path path : all.toList()) {
          String name = root.relativize(path).toString();
          boolean isFile = Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
          if (!MARKS.contains(name)) {
            tree.put(name, isFile ? Digest.of(Files.readAllBytes(path)).hex() : "");
          }
        }
        return tree;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
