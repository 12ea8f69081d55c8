package io.solebox.store.sign;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Digest;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a signature says of a folder: each of its files by its digest. An in-toto statement with the
 * predicate of OpenSSF Model Signing 1.0 (sigstore/model-transparency), so that {@code
 * model_signing verify key} verifies an unpacked bundle.
 *
 * @param subject a name for people; nobody checks it
 * @param files by their paths in the folder, in that order
 */
public record Statement(String subject, SortedMap<String, Digest> files) {
  private static final String TYPE = "https://in-toto.io/Statement/v1";
  private static final String PREDICATE = "https://model_signing/signature/v1.0";
  private static final String SHA256 = "sha256";
  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(24 << 20, 10, 10_000, 500_000));

  public Statement {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** In UTF-8; the same for equal statements. */
  public byte[] bytes() {
    Map<String, Object> serialization = new LinkedHashMap<>();
    serialization.put("method", "files");
    serialization.put("hash_type", SHA256);
    serialization.put("allow_symlinks", false);
    serialization.put("ignore_paths", List.of("model.sig"));
    Map<String, Object> predicate = new LinkedHashMap<>();
    predicate.put("serialization", serialization);
    predicate.put(
        "resources",
        files.entrySet().stream().map(f -> resource(f.getKey(), f.getValue())).toList());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("_type", TYPE);
    fields.put("subject", List.of(Map.of("name", subject, "digest", Map.of(SHA256, root().hex()))));
    fields.put("predicateType", PREDICATE);
    fields.put("predicate", predicate);
    return WRITER.bytes(fields);
  }

  private static Map<String, Object> resource(String name, Digest digest) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", name);
    fields.put("algorithm", SHA256);
    fields.put("digest", digest.hex());
    return fields;
  }

  /** The digest of all digests, in the order of the names. */
  private Digest root() {
    MessageDigest sha256 = Digest.sha256();
    files.values().forEach(digest -> sha256.update(HexFormat.of().parseHex(digest.hex())));
    return Digest.ofFinished(sha256);
  }

  /**
   * Reads what {@link #bytes} writes.
   *
   * @param place for errors
   * @throws SoleboxException {@code BAD_BUNDLE} for what is none, names a file twice, or does not
   *     agree with itself
   */
  public static Statement read(byte[] utf8, String place) {
    try {
      Map<?, ?> fields = READER.readObject(utf8);
      if (!TYPE.equals(fields.get("_type")) || !PREDICATE.equals(fields.get("predicateType"))) {
        throw refusal(place, "it is about something else than files");
      }
      SortedMap<String, Digest> files = new TreeMap<>();
      if (fields.get("predicate") instanceof Map<?, ?> predicate
          && predicate.get("resources") instanceof List<?> resources) {
        resources.forEach(resource -> put(resource, files, place));
      }
      if (fields.get("subject") instanceof List<?> subjects
          && subjects.size() == 1
          && subjects.getFirst() instanceof Map<?, ?> subject
          && subject.get("name") instanceof String name
          && subject.get("digest") instanceof Map<?, ?> digest) {
        var statement = new Statement(name, files);
        if (statement.root().hex().equals(digest.get(SHA256))) {
          return statement;
        }
      }
      throw refusal(place, "its subject is not the files that it lists");
    } catch (JsonException e) {
      throw refusal(place, e.getMessage());
    }
  }

  private static void put(Object resource, Map<String, Digest> files, String place) {
    if (!(resource instanceof Map<?, ?> fields)
        || !(fields.get("name") instanceof String name)
        || !(fields.get("digest") instanceof String hex)
        || Digest.ofHex(hex).isEmpty()
        || !SHA256.equals(fields.get("algorithm"))) {
      throw refusal(place, "it lists a file without a name or its SHA-256");
    }
    if (files.put(name, new Digest(hex)) != null) {
      throw refusal(place, "it lists a file twice: " + Printable.name(name));
    }
  }

  private static SoleboxException refusal(String place, String what) {
    return new SoleboxException(
        ErrorCode.BAD_BUNDLE,
        place,
        "what is signed is no statement about files: " + what,
        "Let whoever signed it make it again.");
  }
}
