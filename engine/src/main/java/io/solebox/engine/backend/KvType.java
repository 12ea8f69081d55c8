package io.solebox.engine.backend;

import java.util.Locale;

/** How keys and values are stored. */
public enum KvType {
  F32,
  F16,
  /**
   * Blocks of 32 with an f16 scale, as the weight format of that name. Needs a head dim that 32
   * divides.
   */
  Q8_0;

  /** Bytes of so many keys or values; whole blocks for {@link #Q8_0}. */
  public double bytes(double elements) {
    return switch (this) {
      case F32 -> elements * Float.BYTES;
      case F16 -> elements * Short.BYTES;
      case Q8_0 -> elements / 32 * 34;
    };
  }

  /** As on the command line: {@code f16}. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
