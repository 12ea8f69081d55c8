package io.solebox.store.edit;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.gguf.GgufSource;
import io.solebox.engine.source.gguf.GgufWriter;

/** Metadata on its way to another file. */
final class Keys {
  private Keys() {}

  /** All keys, but those that say how a file is laid out. */
  static void copy(GgufSource source, GgufWriter writer) {
    Metadata metadata = source.metadata();
    for (String key : metadata.keys()) {
      if (!isLayout(key)) {
        writer.put(key, metadata.find(key).orElseThrow());
      }
    }
  }

  /** Whether a key says how the file is laid out, and not what is in it. */
  static boolean isLayout(String key) {
    return SplitKeys.isOne(key) || key.equals(GgufCopy.ALIGNMENT);
  }
}
