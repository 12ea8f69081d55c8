package io.solebox.engine.source.gguf;

import io.solebox.engine.source.ValueType;
import java.util.Optional;

/** How GGUF writes the types of values (ggml-org/ggml: docs/gguf.md, gguf_metadata_value_type). */
final class GgufTypes {
  private GgufTypes() {}

  /** The number that stands for this type in a file; the declaration order is the format's. */
  static int id(ValueType type) {
    return type.ordinal();
  }

  static Optional<ValueType> byId(int id) {
    ValueType[] all = ValueType.values();
    return id >= 0 && id < all.length ? Optional.of(all[id]) : Optional.empty();
  }

  /** The fewest bytes that a value of this type takes in a file; of a number, all. */
  static int minBytes(ValueType type) {
    return switch (type) {
      case U8, I8, BOOL -> 1;
      case U16, I16 -> 2;
      case U32, I32, F32 -> 4;
      case U64, I64, F64 -> 8;
      case STRING -> 8; // a length and that many bytes of UTF-8
      case ARRAY -> 12; // an element type, a count and the elements
    };
  }
}
