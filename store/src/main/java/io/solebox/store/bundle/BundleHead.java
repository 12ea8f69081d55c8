package io.solebox.store.bundle;

import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Manifest;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * What a bundle is, read from its beginning alone: signature, index, manifests. All of it is small,
 * and each length is looked at before it is read.
 *
 * @param envelope whose statement this is all of
 * @param id the digest of what is signed
 * @param plan what must follow
 * @param begin where the first entry of the plan lies
 */
record BundleHead(Envelope envelope, Digest id, BundleIndex index, BundlePlan plan, long begin) {
  private static final int MOST_OF_SIGNATURE = 32 << 20;
  private static final long MOST_OF_MANIFESTS = 16 << 20;

  /** Reads on from one entry to the next. */
  private static final class Cursor {
    private final Pieces pieces;
    private long at;

    Cursor(Pieces pieces) {
      this.pieces = pieces;
    }

    String place() {
      return pieces.where(at).toString();
    }

    /** A file whose size only its header says. */
    byte[] next(String name, int most) {
      byte[] block = pieces.read(at, TarEntry.BLOCK);
      TarEntry entry =
          TarEntry.read(name, block)
              .filter(read -> read.size() <= most)
              .orElseThrow(
                  () ->
                      BundleFault.damaged(
                          place(), "this is no bundle of Solebox: it has no " + name + " here"));
      return content(entry);
    }

    /** A file of which all is known but what it holds. */
    byte[] next(BundlePlan.Entry entry) {
      byte[] header = entry.tar().header();
      if (!Arrays.equals(header, pieces.read(at, header.length))) {
        throw BundleFault.damaged(
            place(), "something else stands in the place of " + entry.title());
      }
      byte[] content = content(entry.tar());
      if (!Digest.of(content).equals(entry.digest())) {
        throw BundleFault.damaged(place(), "this is not what was signed: " + entry.title());
      }
      return content;
    }

    private byte[] content(TarEntry entry) {
      long begin = at + entry.header().length;
      at += entry.length();
      byte[] padded = pieces.read(begin, Math.toIntExact(TarEntry.padded(entry.size())));
      for (int i = (int) entry.size(); i < padded.length; i++) {
        if (padded[i] != 0) {
          throw BundleFault.damaged(place(), "there is something behind " + entry.name());
        }
      }
      return Arrays.copyOf(padded, (int) entry.size());
    }
  }

  /**
   * @param verification throws unless the envelope is to be believed; before it returns nothing but
   *     the envelope is looked at
   * @throws SoleboxException {@code BAD_BUNDLE}, with the file and what is wrong; {@code UNTRUSTED}
   */
  static BundleHead read(Pieces pieces, Consumer<Envelope> verification) {
    var cursor = new Cursor(pieces);
    byte[] signature = cursor.next(BundlePlan.SIGNATURE, MOST_OF_SIGNATURE);
    long begin = cursor.at;
    String place = pieces.where(0).toString();
    Envelope envelope = Envelope.read(signature, place);
    verification.accept(envelope);
    if (!envelope.payloadType().equals(Envelope.IN_TOTO)) {
      throw BundleFault.damaged(place, "what is signed is no statement about files");
    }
    Statement statement = Statement.read(envelope.payload(), place);
    cursor.next(BundlePlan.Entry.of(BundlePlan.LAYOUT, BundlePlan.LAYOUT_BYTES));
    byte[] bytes = cursor.next(BundlePlan.INDEX, BundleIndex.MOST_BYTES);
    if (!Digest.of(bytes).equals(statement.files().get(BundlePlan.INDEX))) {
      throw BundleFault.damaged(place, "this is not what was signed: " + BundlePlan.INDEX);
    }
    BundleIndex index = manifests(BundleIndex.read(bytes, place), cursor, place);
    BundlePlan plan = BundlePlan.of(index, statement, place);
    long size = plan.size(signature.length);
    if (pieces.size() != size) {
      throw BundleFault.damaged(
          pieces.where(pieces.size()).toString(),
          "the bundle should have %d bytes, and has %d".formatted(size, pieces.size()));
    }
    return new BundleHead(envelope, Digest.of(envelope.payload()), index, plan, begin);
  }

  private static BundleIndex manifests(BundleIndex.Listed listed, Cursor cursor, String place) {
    Map<Digest, Manifest> read = new HashMap<>();
    List<Manifest> manifests = new ArrayList<>();
    long bytes = 0;
    for (BundleIndex.Listed.Entry entry : listed.entries()) {
      if (!read.containsKey(entry.digest())) {
        bytes += entry.size();
        if (bytes > MOST_OF_MANIFESTS) {
          throw BundleFault.damaged(place, "its manifests are larger than any that are made");
        }
        read.put(entry.digest(), manifest(entry, cursor, place));
      }
      manifests.add(read.get(entry.digest()));
    }
    return listed.with(manifests, place);
  }

  private static Manifest manifest(BundleIndex.Listed.Entry entry, Cursor cursor, String place) {
    byte[] bytes = cursor.next(BundlePlan.Entry.blob(entry.digest(), entry.size(), "a manifest"));
    try {
      Manifest manifest = Manifest.read(bytes, place);
      if (manifest.digest().equals(entry.digest())) {
        return manifest;
      }
    } catch (SoleboxException e) {
      throw BundleFault.refused(
          place,
          e.getMessage(),
          "Let whoever signed it make it again; a newer version of Solebox may have made it.");
    }
    throw BundleFault.damaged(place, "a manifest is not as Solebox writes it");
  }
}
