package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.PtxLexer.Token;

/** Literals: decimal, hexadecimal, and the bits of floats. */
final class Numbers {
  private Numbers() {}

  static boolean isNumber(String text) {
    return Character.isDigit(text.charAt(0));
  }

  static long parse(Token token) {
    String text = token.text().endsWith("U") ? chop(token.text()) : token.text();
    try {
      if (text.startsWith("0f") || text.startsWith("0F")) {
        return Integer.parseUnsignedInt(text.substring(2), 16);
      }
      if (text.startsWith("0d") || text.startsWith("0D") || text.startsWith("0x")) {
        return Long.parseUnsignedLong(text.substring(2), 16);
      }
      return Long.parseUnsignedLong(text);
    } catch (NumberFormatException e) {
      throw new PtxException(token.line(), "not a number: " + text);
    }
  }

  private static String chop(String text) {
    return text.substring(0, text.length() - 1);
  }
}
