package io.solebox.store.pull.source;

import io.solebox.store.blob.Digest;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a manifest of a registry names.
 *
 * @param config what the model is
 */
record Layers(Layer config, List<Layer> all) {
  private static final int MOST = 10_000;

  /**
   * A blob.
   *
   * @param title of the file, where the manifest says one
   */
  record Layer(String mediaType, Digest digest, long size, Optional<String> title) {}

  /**
   * @param place for errors
   */
  static Layers of(Map<String, Object> manifest, URI place) {
    List<?> listed = Replies.list(manifest.get("layers"));
    Optional<Layer> config = Replies.object(manifest, "config").flatMap(Layers::layer);
    if (config.isEmpty() || listed.isEmpty() || listed.size() > MOST) {
      throw Replies.strange(place, "it is no manifest of a model");
    }
    List<Layer> layers = new ArrayList<>();
    for (Object entry : listed) {
      layers.add(
          Replies.object(entry)
              .flatMap(Layers::layer)
              .orElseThrow(() -> Replies.strange(place, "a layer has no digest or no size")));
    }
    return new Layers(config.get(), layers);
  }

  private static Optional<Layer> layer(Map<String, Object> of) {
    Optional<Digest> digest = Replies.text(of, "digest").flatMap(Digest::parse);
    Optional<Long> size = Replies.number(of, "size").filter(s -> s >= 0);
    Optional<String> title =
        Replies.object(of, "annotations")
            .flatMap(a -> Replies.text(a, "org.opencontainers.image.title"))
            .map(t -> t.substring(t.lastIndexOf('/') + 1))
            .filter(t -> t.matches("[\\w][\\w.+-]{0,200}"));
    return digest.isPresent() && size.isPresent()
        ? Optional.of(
            new Layer(Replies.text(of, "mediaType").orElse(""), digest.get(), size.get(), title))
        : Optional.empty();
  }
}
