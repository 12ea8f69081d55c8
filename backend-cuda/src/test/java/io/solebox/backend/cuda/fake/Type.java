package io.solebox.backend.cuda.fake;

import java.util.Locale;

/** Types of PTX: how many bits, and what they mean. */
enum Type {
  B8(8, Meaning.BITS),
  U8(8, Meaning.UNSIGNED),
  S8(8, Meaning.SIGNED),
  B16(16, Meaning.BITS),
  U16(16, Meaning.UNSIGNED),
  S16(16, Meaning.SIGNED),
  F16(16, Meaning.HALF),
  BF16(16, Meaning.BRAIN),
  B32(32, Meaning.BITS),
  U32(32, Meaning.UNSIGNED),
  S32(32, Meaning.SIGNED),
  F32(32, Meaning.FLOAT),
  F16X2(32, Meaning.HALF),
  BF16X2(32, Meaning.BRAIN),
  TF32(32, Meaning.FLOAT),
  B64(64, Meaning.BITS),
  U64(64, Meaning.UNSIGNED),
  S64(64, Meaning.SIGNED),
  F64(64, Meaning.FLOAT),
  PRED(1, Meaning.BITS);

  enum Meaning {
    BITS,
    UNSIGNED,
    SIGNED,
    HALF,
    BRAIN,
    FLOAT
  }

  final int bits;
  final Meaning meaning;

  Type(int bits, Meaning meaning) {
    this.bits = bits;
    this.meaning = meaning;
  }

  static Type of(String name, int line) {
    try {
      return valueOf(name.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new PtxException(line, "no such type: ." + name);
    }
  }

  int bytes() {
    return bits / 8;
  }

  boolean isInteger() {
    return meaning == Meaning.BITS || meaning == Meaning.UNSIGNED || meaning == Meaning.SIGNED;
  }

  boolean signed() {
    return meaning == Meaning.SIGNED;
  }

  /** Widens the low bits of {@code value} as this type would. */
  long extend(long value) {
    int unused = 64 - bits;
    return signed() ? value << unused >> unused : value << unused >>> unused;
  }
}
