package io.solebox.app.backup;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Annotations;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model that the box had when the backup was made, whether it is in the backup or not. */
sealed interface ListedModel {
  String name();

  long bytes();

  /** Whether its files are in the backup. */
  boolean inside();

  Map<String, Object> fields();

  /**
   * One of the store.
   *
   * @param manifest what it is made of, and where it came from
   */
  record Stored(ModelName model, Manifest manifest, boolean pinned, boolean inside)
      implements ListedModel {
    @Override
    public String name() {
      return model.toString();
    }

    @Override
    public long bytes() {
      return manifest.size();
    }

    Digest digest() {
      return manifest.digest();
    }

    /** Where it was fetched; empty for what was made or imported here. */
    Optional<String> source() {
      return Optional.ofNullable(manifest.annotations().get(Annotations.SOURCE));
    }

    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("name", name());
      fields.put("digest", digest().toString());
      fields.put("bytes", bytes());
      fields.put("source", source().orElse(null));
      fields.put("pinned", pinned);
      fields.put("inside", inside);
      fields.put("manifest", new String(manifest.bytes(), StandardCharsets.UTF_8));
      return fields;
    }
  }

  /**
   * A file that a person has put into the folder of models.
   *
   * @param name of the file
   * @param part its name in the backup, if it is inside
   */
  record OwnFile(String name, long bytes, String part, boolean inside) implements ListedModel {
    @Override
    public Map<String, Object> fields() {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", name);
      fields.put("bytes", bytes);
      fields.put("part", part);
      fields.put("inside", inside);
      return fields;
    }
  }

  /**
   * Reads what {@link #fields} writes.
   *
   * @throws SoleboxException {@code BAD_BUNDLE}
   */
  static ListedModel read(Map<?, ?> fields, String place) {
    try {
      boolean inside = (Boolean) fields.get("inside");
      if (fields.get("file") instanceof String file && fields.get("part") instanceof String part) {
        return new OwnFile(file, (Long) fields.get("bytes"), part, inside);
      }
      byte[] manifest = ((String) fields.get("manifest")).getBytes(StandardCharsets.UTF_8);
      return new Stored(
          ModelName.find((String) fields.get("name")).orElseThrow(),
          Manifest.read(manifest, place),
          (Boolean) fields.get("pinned"),
          inside);
    } catch (RuntimeException e) { // of whatever is missing, or of another kind
      throw new SoleboxException(
          ErrorCode.BAD_BUNDLE,
          place,
          "Its list of models cannot be read.",
          "A later version of Solebox may have written it: restore it with that one.",
          e);
    }
  }
}
