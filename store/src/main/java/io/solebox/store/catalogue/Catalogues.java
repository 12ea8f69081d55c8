package io.solebox.store.catalogue;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Disk;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.SigningKey;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Which catalogue counts on a machine: one that came by file, signed with a key that is trusted, or
 * else that of the distribution. It is kept as it came, {@code catalogue.signed} in the data
 * folder.
 */
public final class Catalogues {
  /** Of a catalogue in an envelope. */
  private static final String PAYLOAD = "application/vnd.solebox.catalogue.v1+json";

  private static final int MOST_BYTES = 32 << 20;

  private final Path folder;
  private final Path file;

  public Catalogues(Path dataFolder) {
    this.folder = dataFolder;
    this.file = dataFolder.resolve("catalogue.signed");
  }

  /**
   * A catalogue and where it is from.
   *
   * @param signer fingerprint of the key; empty for that of the distribution
   */
  public record Known(Catalogue catalogue, Optional<String> signer) {}

  /**
   * The one that counts.
   *
   * @throws SoleboxException {@code BAD_STORE} where the one that is kept has been damaged
   */
  public Known current() {
    if (!Files.exists(file)) {
      return new Known(Catalogue.ofDistribution(), Optional.empty());
    }
    try {
      Envelope kept = Envelope.read(bytes(file), file.toString());
      return new Known(catalogue(kept, file.toString()), Optional.of(kept.signer()));
    } catch (SoleboxException e) {
      throw new SoleboxException(
          ErrorCode.BAD_STORE,
          file.toString(),
          "the catalogue that was imported can no longer be read: " + e.getMessage(),
          "'solebox models catalogue reset' goes back to that of this distribution.",
          e);
    }
  }

  /**
   * Lets a catalogue count from now on; on any error the one before stays.
   *
   * @param from a file that {@link #sign} made, wherever that was
   * @param trust whose keys count
   * @param allowOlder than the one that counts now
   * @throws SoleboxException {@code UNTRUSTED} where nobody who is trusted has signed it; {@code
   *     INVALID_PARAMETER} for what is no catalogue, or an older one; {@code IO_ERROR}
   */
  public Known take(Path from, TrustFolder trust, boolean allowOlder) {
    Envelope envelope = Envelope.read(bytes(from), from.toString());
    trust.verify(envelope, from.toString());
    Catalogue fresh = catalogue(envelope, from.toString());
    requireNewer(fresh, from, allowOlder);
    try {
      Disk.SYSTEM.createFolders(folder);
      Disk.SYSTEM.replace(file, envelope.bytes());
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
    return new Known(fresh, Optional.of(envelope.signer()));
  }

  private void requireNewer(Catalogue fresh, Path from, boolean allowOlder) {
    if (allowOlder) {
      return; // also where the one that is kept cannot be read
    }
    Catalogue now = current().catalogue();
    if (fresh.version() < now.version()) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          from.toString(),
          "it has version %d, and the one that counts now has %d"
              .formatted(fresh.version(), now.version()),
          "Get a newer one; --allow-older takes it all the same.");
    }
  }

  /**
   * Puts a catalogue in an envelope.
   *
   * @param from its JSON
   * @return what {@link #take} takes
   * @throws SoleboxException {@code INVALID_PARAMETER} for what is no catalogue; {@code IO_ERROR}
   */
  public static byte[] sign(Path from, SigningKey key) {
    byte[] json = bytes(from);
    CatalogueReader.read(json, from.toString());
    return key.sign(PAYLOAD, json).bytes();
  }

  /** Whether there was another one than that of the distribution, which counts from now on. */
  public boolean reset() {
    try {
      boolean was = Files.exists(file);
      if (was) {
        Disk.SYSTEM.delete(file);
        Disk.SYSTEM.forceFolder(folder);
      }
      return was;
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static Catalogue catalogue(Envelope envelope, String place) {
    if (!envelope.payloadType().equals(PAYLOAD)) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          place,
          "this is signed, but no catalogue",
          "Take what 'solebox models catalogue sign' made.");
    }
    return CatalogueReader.read(envelope.payload(), place);
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw new SoleboxException(
            ErrorCode.INVALID_PARAMETER,
            file.toString(),
            "this is too large for a catalogue",
            "Take what 'solebox models catalogue sign' made.");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }
}
