package io.solebox.app.serve;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.library.ModelSettings;
import io.solebox.store.blob.Digest;
import io.solebox.store.blob.Partial;
import io.solebox.store.blob.StoreFailure;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Manifest;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What Ollama keeps beside the weights of a model, in layers of a manifest (ollama:
 * server/images.go): a system prompt as text, parameters as a JSON object, messages as a JSON
 * array. Its templates are in Go's language, which nothing here reads.
 */
final class OllamaLayers {
  static final String SYSTEM = "application/vnd.ollama.image.system";
  static final String PARAMS = "application/vnd.ollama.image.params";
  static final String MESSAGES = "application/vnd.ollama.image.messages";

  private static final Set<String> ALL = Set.of(SYSTEM, PARAMS, MESSAGES);

  /** What somebody wrote, and no model. */
  private static final long MOST_BYTES = 1 << 20;

  private static final JsonReader READER =
      new JsonReader(new JsonLimits((int) MOST_BYTES, 16, (int) MOST_BYTES, 100_000));

  private OllamaLayers() {}

  /**
   * @throws SoleboxException {@code BAD_STORE} where a layer is not what it should be
   */
  static ModelSettings settings(ModelStore store, Manifest manifest) {
    Optional<String> system = Optional.empty();
    Map<String, Object> parameters = new LinkedHashMap<>();
    List<Map<String, Object>> messages = new ArrayList<>();
    for (Descriptor layer : manifest.layers()) {
      switch (layer.mediaType()) {
        case SYSTEM -> system = Optional.of(text(store, layer)).filter(text -> !text.isBlank());
        case PARAMS -> parameters.putAll(object(store, layer, json(store, layer)));
        case MESSAGES -> {
          for (Object message : list(store, layer)) {
            messages.add(object(store, layer, message));
          }
        }
        default -> {} // weights, a licence
      }
    }
    return new ModelSettings(system, parameters, messages);
  }

  /**
   * A model with other settings: the layers of {@code base} but for its own, and a layer for each
   * of these that there is.
   *
   * @param partial that claims the new layers
   * @param said further annotations
   */
  static Manifest with(
      ModelStore store,
      Partial partial,
      Manifest base,
      ModelSettings settings,
      Map<String, String> said) {
    Map<String, byte[]> contents = new LinkedHashMap<>();
    settings
        .system()
        .ifPresent(text -> contents.put(SYSTEM, text.getBytes(StandardCharsets.UTF_8)));
    var json = new JsonWriter();
    if (!settings.parameters().isEmpty()) {
      contents.put(PARAMS, json.bytes(settings.parameters()));
    }
    if (!settings.messages().isEmpty()) {
      contents.put(MESSAGES, json.bytes(settings.messages()));
    }
    List<Descriptor> layers = new ArrayList<>(base.layers());
    layers.removeIf(layer -> ALL.contains(layer.mediaType()));
    contents.forEach(
        (mediaType, bytes) ->
            layers.add(new Descriptor(mediaType, Digest.of(bytes), bytes.length)));
    Map<String, String> annotations = new LinkedHashMap<>(base.annotations());
    annotations.putAll(said);
    Manifest made = new Manifest(base.config(), layers, annotations);
    partial.claim(made.blobs().stream().map(Descriptor::digest).toList());
    contents.values().forEach(bytes -> store.blobs().install(partial, bytes));
    return made;
  }

  private static List<?> list(ModelStore store, Descriptor layer) {
    if (json(store, layer) instanceof List<?> list) {
      return list;
    }
    throw damaged(store, layer, "it is no array");
  }

  private static Map<String, Object> object(ModelStore store, Descriptor layer, Object value) {
    if (value instanceof Map<?, ?> map) {
      Map<String, Object> object = new LinkedHashMap<>();
      map.forEach((key, its) -> object.put(String.valueOf(key), its));
      return object;
    }
    throw damaged(store, layer, "it is no object");
  }

  private static Object json(ModelStore store, Descriptor layer) {
    try {
      return READER.read(bytes(store, layer));
    } catch (JsonException e) {
      throw damaged(store, layer, e.getMessage());
    }
  }

  private static String text(ModelStore store, Descriptor layer) {
    return new String(bytes(store, layer), StandardCharsets.UTF_8);
  }

  private static byte[] bytes(ModelStore store, Descriptor layer) {
    if (layer.size() > MOST_BYTES) {
      throw damaged(store, layer, "it has " + layer.size() + " bytes");
    }
    Path file = store.blobs().pathOf(layer.digest());
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw StoreFailure.of(file, e);
    }
  }

  private static SoleboxException damaged(ModelStore store, Descriptor layer, String how) {
    String kind = layer.mediaType().substring(layer.mediaType().lastIndexOf('.') + 1);
    return new SoleboxException(
        ErrorCode.BAD_STORE,
        store.blobs().pathOf(layer.digest()).toString(),
        "The model's own %s cannot be read: %s.".formatted(kind, how),
        "Pull it again, or create it anew.");
  }
}
