package io.solebox.store.bundle;

import io.solebox.engine.backend.Progress;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a bundle says of itself, without its files having been read.
 *
 * @param id the digest of what is signed
 * @param signer whether that is to be believed
 * @param bytes of the bundle, all pieces together
 * @param omitted what it does not bring and its items need
 */
public record BundleInspection(
    Digest id, Signer signer, BundleIndex index, long bytes, Set<Digest> omitted) {

  /** Whose word it is. */
  public sealed interface Signer {
    /** A key that this machine trusts. */
    record Trusted(TrustFolder.Trusted by) implements Signer {}

    /**
     * Nobody whom this machine trusts.
     *
     * @param fingerprint of the key that is claimed
     * @param refusal what an import would say
     */
    record Unknown(String fingerprint, SoleboxException refusal) implements Signer {}
  }

  /**
   * @param files the bundle, or its pieces
   * @throws SoleboxException {@code BAD_BUNDLE} for what is none
   */
  public static BundleInspection read(List<Path> files, TrustFolder trust) {
    try (Pieces pieces = Pieces.open(files)) {
      BundleHead head = BundleHead.read(pieces, _ -> {});
      Set<Digest> omitted = new HashSet<>();
      head.plan().omitted().forEach(blob -> omitted.add(blob.digest()));
      return new BundleInspection(
          head.id(),
          signer(head.envelope(), trust, files.getFirst().toString()),
          head.index(),
          pieces.size(),
          omitted);
    }
  }

  /**
   * Reads all of a bundle and holds it to what was signed, by whomever.
   *
   * @throws SoleboxException {@code BAD_BUNDLE} with what is not so, and in which piece; {@code
   *     CANCELLED}
   */
  public static void check(List<Path> files, Progress progress) {
    try (Pieces pieces = Pieces.open(files)) {
      BundleHead head = BundleHead.read(pieces, _ -> {});
      new Arrival(head, pieces, progress).take(_ -> false, digest -> Path.of(digest.hex()));
    } catch (IOException e) {
      throw StoreFailure.of(files.getFirst(), e);
    }
  }

  private static Signer signer(Envelope envelope, TrustFolder trust, String place) {
    try {
      return new Signer.Trusted(trust.verify(envelope, place));
    } catch (SoleboxException e) {
      return new Signer.Unknown(envelope.signer(), e);
    }
  }

  /** All blobs that its items need, whether it brings them or not. */
  Set<Digest> blobs() {
    Set<Digest> blobs = new HashSet<>();
    for (BundleItem item : index.items()) {
      item.manifest().blobs().stream().map(Descriptor::digest).forEach(blobs::add);
    }
    return blobs;
  }
}
