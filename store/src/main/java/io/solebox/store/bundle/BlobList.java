package io.solebox.store.bundle;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import io.solebox.store.sign.TrustFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which blobs a box has, for whoever makes a bundle for it. A plain file that nobody signs: if it
 * is wrong, the bundle is too small, and the box says what it lacks.
 *
 * @param digests as in {@code sha256:HEX}
 */
public record BlobList(Set<String> digests) {
  private static final String FORMAT = "solebox_blobs";
  private static final int MOST_BYTES = 128 << 20;
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 3, 100, 1_000_010));

  /** Of all generations of all models. */
  public static BlobList of(ModelStore store) {
    Set<String> digests = new TreeSet<>();
    for (ModelName name : store.names()) {
      for (Generation generation : store.generations(name)) {
        for (Descriptor blob : generation.manifest().blobs()) {
          if (store.blobs().find(blob.digest()).isPresent()) {
            digests.add(blob.digest().toString());
          }
        }
      }
    }
    return new BlobList(digests);
  }

  /** As one line of JSON. */
  public byte[] bytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put(FORMAT, 1L);
    fields.put("digests", List.copyOf(digests));
    return new JsonWriter().bytes(fields);
  }

  /**
   * What a box has to which a list was written, or which has imported a bundle.
   *
   * @param file one of the two; of a bundle in pieces any
   * @throws SoleboxException {@code INVALID_PARAMETER} for anything else; {@code BAD_BUNDLE}
   */
  public static Set<Digest> since(Path file, TrustFolder trust) {
    try {
      boolean isList = Files.size(file) > 0 && first(file) == '{';
      return isList ? read(file) : BundleInspection.read(List.of(file), trust).blobs();
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static int first(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      return in.read();
    }
  }

  private static Set<Digest> read(Path file) throws IOException {
    try {
      if (Files.size(file) <= MOST_BYTES
          && READER.readObject(Files.readAllBytes(file)) instanceof Map<?, ?> fields
          && Long.valueOf(1).equals(fields.get(FORMAT))
          && fields.get("digests") instanceof List<?> list) {
        Set<Digest> digests = new HashSet<>();
        for (Object text : list) {
          digests.add(Digest.parse(String.valueOf(text)).orElseThrow(() -> refusal(file)));
        }
        return digests;
      }
    } catch (JsonException e) {
      throw refusal(file);
    }
    throw refusal(file);
  }

  private static SoleboxException refusal(Path file) {
    return new SoleboxException(
        ErrorCode.INVALID_PARAMETER,
        file.toString(),
        "this is neither a list of 'solebox bundle list' nor a bundle",
        "Run 'solebox bundle list --out FILE' on the box, or name the bundle that it has imported"
            + " last.");
  }
}
