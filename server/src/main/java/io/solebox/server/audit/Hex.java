package io.solebox.server.audit;

import java.util.HexFormat;

/** Digests and signatures as people copy them. */
final class Hex {
  private static final HexFormat DIGITS = HexFormat.of();

  private Hex() {}

  static String of(byte[] bytes) {
    return DIGITS.formatHex(bytes);
  }

  /**
   * @throws IllegalArgumentException if it is no whole number of bytes in hexadecimal digits
   */
  static byte[] bytes(String digits) {
    return DIGITS.parseHex(digits);
  }
}
