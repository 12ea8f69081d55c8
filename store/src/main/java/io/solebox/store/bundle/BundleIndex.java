package io.solebox.store.bundle;

import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.MediaTypes;
import io.solebox.store.layout.ModelName;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * {@code index.json} of an OCI image layout: the manifests of what a bundle brings.
 *
 * @param made when; of two bundles with the same model the later one counts
 * @param items with different titles
 */
public record BundleIndex(Instant made, List<BundleItem> items) {
  static final int MOST_BYTES = 16 << 20;

  private static final String MEDIA_TYPE = "application/vnd.oci.image.index.v1+json";
  private static final String CREATED = "org.opencontainers.image.created";
  private static final String REFERENCE = "org.opencontainers.image.ref.name";
  private static final String RUNTIME = "application/vnd.solebox.runtime.v1";
  private static final int MOST_OF_MANIFEST = 4 << 20;

  private static final JsonWriter WRITER = new JsonWriter();
  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 10, 1000, 200_000));

  public BundleIndex {
    items = List.copyOf(items);
  }

  /** In UTF-8; the same for equal indexes. */
  byte[] bytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schemaVersion", 2L);
    fields.put("mediaType", MEDIA_TYPE);
    fields.put("manifests", items.stream().map(BundleIndex::fields).toList());
    fields.put("annotations", Map.of(CREATED, made.toString()));
    return WRITER.bytes(fields);
  }

  private static Map<String, Object> fields(BundleItem item) {
    byte[] manifest = item.manifest().bytes();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mediaType", MediaTypes.MANIFEST);
    fields.put("digest", Digest.of(manifest).toString());
    fields.put("size", (long) manifest.length);
    switch (item) {
      case BundleItem.Model model ->
          fields.put("annotations", Map.of(REFERENCE, model.name().toString()));
      case BundleItem.Runtime _ -> fields.put("artifactType", RUNTIME);
    }
    return fields;
  }

  /**
   * An index as it was read: manifests by digest and size alone.
   *
   * @param bytes of the index itself
   */
  record Listed(Instant made, List<Entry> entries, byte[] bytes) {
    /** A manifest that must follow. */
    record Entry(Digest digest, long size, Function<Manifest, BundleItem> item) {}

    /**
     * The index, now that its manifests are known.
     *
     * @param manifests in the order of the entries, each the one that its entry names
     * @throws SoleboxException {@code BAD_BUNDLE} for one that Solebox would write otherwise
     */
    BundleIndex with(List<Manifest> manifests, String place) {
      List<BundleItem> items = new ArrayList<>();
      for (int i = 0; i < manifests.size(); i++) {
        items.add(entries.get(i).item().apply(manifests.get(i)));
      }
      var index = new BundleIndex(made, items);
      if (!java.util.Arrays.equals(index.bytes(), bytes)) {
        throw BundleFault.damaged(place, "its index.json is not as Solebox writes it");
      }
      return index;
    }
  }

  /**
   * Reads an index, and believes nothing of it that it need not.
   *
   * @throws SoleboxException {@code BAD_BUNDLE}
   */
  static Listed read(byte[] utf8, String place) {
    try {
      Map<?, ?> fields = READER.readObject(utf8);
      if (!(fields.get("manifests") instanceof List<?> manifests)
          || !(fields.get("annotations") instanceof Map<?, ?> annotations)
          || !(annotations.get(CREATED) instanceof String created)) {
        throw BundleFault.damaged(place, "its index.json lists no manifests, or says not when");
      }
      List<Listed.Entry> entries = new ArrayList<>();
      Set<Object> titles = new HashSet<>();
      for (Object manifest : manifests) {
        entries.add(entry(manifest, titles, place));
      }
      return new Listed(Instant.parse(created), entries, utf8);
    } catch (JsonException | DateTimeException e) {
      throw BundleFault.damaged(place, "its index.json cannot be read: " + e.getMessage());
    }
  }

  private static Listed.Entry entry(Object value, Set<Object> titles, String place) {
    if (!(value instanceof Map<?, ?> fields)
        || !(fields.get("digest") instanceof String text)
        || Digest.parse(text).isEmpty()
        || !(fields.get("size") instanceof Long size)
        || size < 1
        || size > MOST_OF_MANIFEST) {
      throw BundleFault.damaged(place, "its index.json names a manifest without digest and size");
    }
    if (RUNTIME.equals(fields.get("artifactType"))) {
      requireNew(titles, RUNTIME, place);
      return new Listed.Entry(Digest.parse(text).get(), size, BundleItem.Runtime::new);
    }
    if (fields.get("annotations") instanceof Map<?, ?> annotations
        && annotations.get(REFERENCE) instanceof String reference) {
      ModelName name =
          ModelName.find(reference)
              .orElseThrow(
                  () ->
                      BundleFault.damaged(
                          place, "this is no name of a model: " + Printable.name(reference)));
      requireNew(titles, name, place);
      return new Listed.Entry(
          Digest.parse(text).get(), size, manifest -> new BundleItem.Model(name, manifest));
    }
    throw BundleFault.refused(
        place,
        "its index.json names something that is neither a model nor a runtime",
        "A newer version of Solebox may have made it: use that.");
  }

  private static void requireNew(Set<Object> titles, Object title, String place) {
    if (!titles.add(title)) {
      throw BundleFault.damaged(place, "its index.json names this twice: " + title);
    }
  }
}
