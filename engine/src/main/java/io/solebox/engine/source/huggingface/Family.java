package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.SoleboxException;
import java.util.List;
import java.util.Map;

/**
 * How models of one kind, as transformers has them, are said in GGUF's language: one class each,
 * and one line in {@link Families}.
 */
interface Family {
  /** As in {@code model_type} of config.json. */
  List<String> modelTypes();

  /** As in {@code general.architecture}. */
  String architecture(Config config);

  /**
   * What transformers takes where config.json says nothing, not even null, and another value would
   * be taken otherwise.
   */
  default Map<String, Object> defaults(Config config) {
    return Map.of();
  }

  /**
   * Writes keys and the names of tensors.
   *
   * @param config of the model that reads text
   * @throws SoleboxException {@code BAD_MODEL_FILE} for fields that are missing or make no sense;
   *     {@code UNSUPPORTED_MODEL} for what this version cannot compute
   */
  void translate(Config config, Translation t);
}
