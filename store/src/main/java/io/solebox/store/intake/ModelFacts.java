package io.solebox.store.intake;

import io.solebox.engine.json.JsonWriter;
import io.solebox.engine.model.ModelHeader;
import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Annotations;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a model's file says of itself, as a manifest and its config say it. */
public final class ModelFacts {
  private ModelFacts() {}

  /** What lists show, so that they need not open the file. */
  public static Map<String, String> annotations(ModelHeader header) {
    Map<String, String> facts = new TreeMap<>();
    facts.put(Annotations.ARCHITECTURE, header.architecture());
    facts.put(Annotations.QUANTIZATION, header.format());
    facts.put(Annotations.PARAMETERS, Long.toString(header.parameters()));
    Object context = header.values().get(header.architecture() + ".context_length");
    if (context instanceof Long tokens && tokens > 0) {
      facts.put(Annotations.TRAINED_CONTEXT, tokens.toString());
    }
    if (header.values().get("general.license") instanceof String license && !license.isBlank()) {
      facts.put(Annotations.LICENSES, license);
    }
    return facts;
  }

  /**
   * The config of a manifest, in Docker's words (docker/model-spec); the same for the same model.
   *
   * @param format {@code gguf} or {@code safetensors}
   * @param files in the order of the layers
   */
  public static byte[] config(ModelHeader header, String format, List<Digest> files) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("format", format);
    config.put("architecture", header.architecture());
    config.put("quantization", header.format());
    config.put("parameters", Long.toString(header.parameters()));
    config.put("size", Long.toString(header.fileBytes()));
    Map<String, Object> rootfs = new LinkedHashMap<>();
    rootfs.put("type", "rootfs");
    rootfs.put("diff_ids", files.stream().map(Digest::toString).toList());
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("config", config);
    fields.put("descriptor", Map.of());
    fields.put("rootfs", rootfs);
    return new JsonWriter().bytes(fields);
  }
}
