package io.solebox.engine.gguf;

import java.util.Optional;

/** The types of metadata values (ggml-org/ggml: docs/gguf.md, enum gguf_metadata_value_type). */
public enum GgufType {
  U8(1),
  I8(1),
  U16(2),
  I16(2),
  U32(4),
  I32(4),
  F32(4),
  BOOL(1),
  /** A length and that many bytes of UTF-8; at least 8 bytes. */
  STRING(8),
  /** An element type, a count and the elements; at least 12 bytes. */
  ARRAY(12),
  U64(8),
  I64(8),
  F64(8);

  private final int minBytes;

  GgufType(int minBytes) {
    this.minBytes = minBytes;
  }

  /** The number that stands for this type in a file; the declaration order is the file's. */
  public int id() {
    return ordinal();
  }

  /** The fewest bytes that a value of this type takes in a file. */
  int minBytes() {
    return minBytes;
  }

  static Optional<GgufType> byId(int id) {
    GgufType[] all = values();
    return id >= 0 && id < all.length ? Optional.of(all[id]) : Optional.empty();
  }
}
