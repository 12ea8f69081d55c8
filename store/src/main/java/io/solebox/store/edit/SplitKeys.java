package io.solebox.store.edit;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.source.gguf.GgufWriter;

/**
 * What files of a model that lies in several say of themselves (ggml-org/llama.cpp:
 * tools/gguf-split).
 */
final class SplitKeys {
  private static final String PREFIX = "split.";

  private SplitKeys() {}

  static boolean isOne(String key) {
    return key.startsWith(PREFIX);
  }

  /**
   * @param index of the file, from 0
   * @param tensors of all files
   */
  static void put(GgufWriter writer, int index, int count, int tensors) {
    writer.put(PREFIX + "no", new MetadataValue.Whole(ValueType.U16, index));
    writer.put(PREFIX + "count", new MetadataValue.Whole(ValueType.U16, count));
    writer.put(PREFIX + "tensors.count", new MetadataValue.Whole(ValueType.I32, tensors));
  }
}
