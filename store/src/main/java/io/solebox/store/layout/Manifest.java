package io.solebox.store.layout;

import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.store.blob.Digest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model is made of: a manifest of the OCI image specification.
 *
 * @param config what the model is
 * @param layers its files; titles are unique
 * @param annotations where it comes from, by the names of {@link Annotations}; in their order
 */
public record Manifest(
    Descriptor config, List<Descriptor> layers, Map<String, String> annotations) {
  private static final JsonWriter WRITER = new JsonWriter();

  public Manifest {
    layers = List.copyOf(layers);
    annotations = Descriptor.sorted(annotations);
    Set<String> titles = new HashSet<>();
    for (Descriptor layer : layers) {
      if (layer.title().isPresent() && !titles.add(layer.title().get())) {
        throw new IllegalArgumentException("two files of one name: " + layer.title().get());
      }
    }
  }

  /**
   * Reads what {@link #bytes} writes, and nothing else.
   *
   * @param place for errors
   * @throws SoleboxException {@code BAD_STORE} with the field that is wrong
   */
  public static Manifest read(byte[] utf8, String place) {
    return new ManifestReader(place, ManifestReader.Unknown.REFUSED).read(utf8);
  }

  /**
   * Reads a manifest that somebody else wrote, in the OCI's words or Docker's; as the specification
   * wants, what is not known is passed over. To keep all that it says, keep its bytes.
   *
   * @param place for errors
   * @throws SoleboxException {@code BAD_STORE} with the field that is wrong
   */
  public static Manifest readForeign(byte[] utf8, String place) {
    return new ManifestReader(place, ManifestReader.Unknown.PASSED_OVER).read(utf8);
  }

  /** In UTF-8; the same for equal manifests. */
  public byte[] bytes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("schemaVersion", 2L);
    fields.put("mediaType", MediaTypes.MANIFEST);
    fields.put("config", fields(config));
    fields.put("layers", layers.stream().map(Manifest::fields).toList());
    if (!annotations.isEmpty()) {
      fields.put("annotations", annotations);
    }
    return WRITER.bytes(fields);
  }

  private static Map<String, Object> fields(Descriptor descriptor) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("mediaType", descriptor.mediaType());
    fields.put("digest", descriptor.digest().toString());
    fields.put("size", descriptor.size());
    if (!descriptor.annotations().isEmpty()) {
      fields.put("annotations", descriptor.annotations());
    }
    return fields;
  }

  /**
   * For other machines: without paths of files of this one, of which it was made. They are nobody
   * else's business.
   */
  public Manifest travelling() {
    Map<String, String> said = new HashMap<>(annotations);
    said.remove(Annotations.IMPORTED_FROM);
    said.computeIfPresent(Annotations.MADE_FROM, (_, from) -> from.startsWith("/") ? null : from);
    return new Manifest(config, layers, said);
  }

  /** By which registries know it. */
  public Digest digest() {
    return Digest.of(bytes());
  }

  /** Config and layers. */
  public List<Descriptor> blobs() {
    List<Descriptor> blobs = new ArrayList<>(layers);
    blobs.addFirst(config);
    return blobs;
  }

  /** Of all blobs. */
  public long size() {
    return blobs().stream().mapToLong(Descriptor::size).sum();
  }
}
