package io.solebox.store.quantize;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;

/**
 * What a model's own numbers have to do with the formats of its matrices.
 *
 * @param layers all of them
 * @param headsPerKv query heads that share a head of keys and values; 0 where there are none
 * @param experts 0 where there are none
 */
record ModelShape(String architecture, int layers, int headsPerKv, int experts) {
  static ModelShape of(Metadata metadata) {
    String architecture = metadata.stringOr("general.architecture", "");
    int heads = first(metadata, architecture + ".attention.head_count", 0);
    int kvHeads = first(metadata, architecture + ".attention.head_count_kv", heads);
    return new ModelShape(
        architecture,
        metadata.intOr(architecture + ".block_count", 0),
        kvHeads == 0 ? 0 : heads / kvHeads,
        metadata.intOr(architecture + ".expert_count", 0));
  }

  /** A number, or that of the first layer where each has its own. */
  private static int first(Metadata metadata, String key, int fallback) {
    boolean array = metadata.find(key).filter(v -> v instanceof MetadataValue.Array).isPresent();
    if (array) {
      int[] all = metadata.ints(key);
      return all.length == 0 ? fallback : all[0];
    }
    return metadata.intOr(key, fallback);
  }

  boolean isFalcon() {
    return architecture.equals("falcon");
  }

  /**
   * Whether it has the shape of the first model of 70 billion whose heads share keys and values.
   */
  boolean isSeventyBillion() {
    return switch (architecture) {
      case "llama" -> layers == 80 && headsPerKv != 1 && experts != 8;
      case "qwen2", "olmo", "deci" -> layers == 80;
      case "jais2" -> layers == 68;
      default -> false;
    };
  }
}
