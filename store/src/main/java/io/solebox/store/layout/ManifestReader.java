package io.solebox.store.layout;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.blob.Digest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads manifests: each field once, with its place in errors. */
final class ManifestReader {
  /** What becomes of fields that are not known. */
  enum Unknown {
    REFUSED,
    PASSED_OVER
  }

  /** Largest manifest that registries must take, by the OCI distribution specification. */
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(4 << 20, 20, 1 << 20, 200_000));

  private static final Set<String> FIELDS =
      Set.of("schemaVersion", "mediaType", "config", "layers", "annotations");

  private static final Set<String> DESCRIPTOR_FIELDS =
      Set.of("mediaType", "digest", "size", "annotations");

  private final String place;
  private final Unknown unknown;

  ManifestReader(String place, Unknown unknown) {
    this.place = place;
    this.unknown = unknown;
  }

  Manifest read(byte[] utf8) {
    try {
      Map<String, Object> fields = READER.readObject(utf8);
      requireKnown(fields, FIELDS, "");
      if (!Long.valueOf(2).equals(fields.get("schemaVersion"))) {
        throw wrong("schemaVersion", "is not 2");
      }
      String type = text(fields, "mediaType", "");
      if (!type.equals(MediaTypes.MANIFEST) && !type.equals(MediaTypes.DOCKER_MANIFEST)) {
        throw wrong("mediaType", "is " + Printable.name(type) + ", which is no manifest's");
      }
      return manifest(fields);
    } catch (JsonException e) {
      throw refusal("this is no manifest: " + e.getMessage());
    }
  }

  private Manifest manifest(Map<String, Object> fields) {
    List<Descriptor> layers = new ArrayList<>();
    if (!(fields.get("layers") instanceof List<?> list)) {
      throw wrong("layers", "is no array");
    }
    for (Object layer : list) {
      layers.add(descriptor(layer, "layers[" + layers.size() + "]"));
    }
    try {
      return new Manifest(
          descriptor(fields.get("config"), "config"), layers, annotations(fields, ""));
    } catch (IllegalArgumentException e) {
      throw wrong("layers", "have " + Printable.name(e.getMessage()));
    }
  }

  private Descriptor descriptor(Object value, String path) {
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(path, "is no object");
    }
    Map<String, Object> fields = new LinkedHashMap<>();
    map.forEach((name, field) -> fields.put((String) name, field));
    requireKnown(fields, DESCRIPTOR_FIELDS, path + ".");
    String digest = text(fields, "digest", path + ".");
    if (!(fields.get("size") instanceof Long size)) {
      throw wrong(path + ".size", "is no number of bytes");
    }
    try {
      return new Descriptor(
          text(fields, "mediaType", path + "."),
          Digest.parse(digest).orElseThrow(() -> wrong(path + ".digest", "is no SHA-256")),
          size,
          annotations(fields, path + "."));
    } catch (IllegalArgumentException e) {
      throw wrong(path, "has " + Printable.name(e.getMessage()));
    }
  }

  private Map<String, String> annotations(Map<String, Object> fields, String path) {
    Map<String, String> annotations = new LinkedHashMap<>();
    Object value = fields.getOrDefault("annotations", Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw wrong(path + "annotations", "is no object");
    }
    map.forEach(
        (name, annotation) -> {
          if (!(annotation instanceof String text)) {
            throw wrong(path + "annotations." + Printable.name((String) name), "is no string");
          }
          annotations.put((String) name, text);
        });
    return annotations;
  }

  private String text(Map<String, Object> fields, String name, String path) {
    if (fields.get(name) instanceof String text) {
      return text;
    }
    throw wrong(path + name, "is no string");
  }

  private void requireKnown(Map<String, Object> fields, Set<String> known, String path) {
    if (unknown == Unknown.REFUSED) {
      for (String name : fields.keySet()) {
        if (!known.contains(name)) {
          throw wrong(path + Printable.name(name), "is not known to this version");
        }
      }
    }
  }

  private SoleboxException wrong(String path, String what) {
    return refusal("this is no manifest: '" + path + "' " + what);
  }

  private SoleboxException refusal(String message) {
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        place,
        message,
        "Remove the model and pull or import it again; a newer version of Solebox may have made"
            + " it.");
  }
}
