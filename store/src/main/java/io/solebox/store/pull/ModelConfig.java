package io.solebox.store.pull;

import io.solebox.engine.json.JsonWriter;
import io.solebox.store.pull.source.Variant;
import java.util.LinkedHashMap;
import java.util.Map;

/** What a manifest's config says, in the words of Docker's specification of models. */
final class ModelConfig {
  private ModelConfig() {}

  static byte[] of(Variant variant) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("format", "gguf");
    variant.quantization().ifPresent(q -> config.put("quantization", q.name()));
    config.put("size", Long.toString(variant.bytes()));
    return new JsonWriter().bytes(Map.of("config", config));
  }
}
