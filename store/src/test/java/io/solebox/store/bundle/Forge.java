package io.solebox.store.bundle;

import io.solebox.store.blob.Digest;
import io.solebox.store.sign.Envelope;
import io.solebox.store.sign.SigningKey;
import io.solebox.store.sign.Statement;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** Bundles that Solebox would not make, signed all the same. */
final class Forge {
  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, Digest> signed = new TreeMap<>();

  private Forge() {}

  /**
   * @param manifests the manifests of the index, as JSON
   */
  static Forge index(String manifests) {
    return new Forge()
        .with(BundlePlan.LAYOUT, BundlePlan.LAYOUT_BYTES)
        .with(
            BundlePlan.INDEX,
            utf8(
                "{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                    + "\"manifests\":["
                    + manifests
                    + "],\"annotations\":{\"org.opencontainers.image.created\":\""
                    + Bundles.MADE
                    + "\"}}"));
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String blob(Digest digest) {
    return "blobs/sha256/" + digest.hex();
  }

  /** An entry of an index or a manifest. */
  static String descriptor(String mediaType, byte[] content, String more) {
    return "{\"mediaType\":\"%s\",\"digest\":\"%s\",\"size\":%d%s}"
        .formatted(mediaType, Digest.of(content), content.length, more);
  }

  Forge with(String name, byte[] content) {
    files.put(name, content);
    signed.put(name, Digest.of(content));
    return this;
  }

  Forge with(byte[] blob) {
    return with(blob(Digest.of(blob)), blob);
  }

  /** Says that there is a file, and brings none. */
  Forge claiming(String name, Digest digest) {
    signed.put(name, digest);
    return this;
  }

  byte[] signedBy(SigningKey key) {
    byte[] statement = new Statement("forged", new TreeMap<>(signed)).bytes();
    byte[] signature = key.sign(Envelope.IN_TOTO, statement).bytes();
    var all = new ByteArrayOutputStream();
    append(all, BundlePlan.SIGNATURE, signature);
    files.forEach((name, content) -> append(all, name, content));
    all.writeBytes(new byte[TarEntry.END_BYTES]);
    return all.toByteArray();
  }

  private static void append(ByteArrayOutputStream all, String name, byte[] content) {
    all.writeBytes(new TarEntry(name, content.length).header());
    all.writeBytes(content);
    all.writeBytes(new byte[(int) (TarEntry.padded(content.length) - content.length)]);
  }
}
