package io.solebox.engine.tokenizer;

import java.util.Arrays;
import java.util.HexFormat;

/** Tokens for single bytes, written {@code <0x0A>}, that stand for what no other token covers. */
final class ByteTokens {
  private final int[] ids = new int[256];

  private ByteTokens() {}

  /** Those that a vocabulary has. */
  static ByteTokens of(TokenIndex index) {
    ByteTokens tokens = new ByteTokens();
    HexFormat hex = HexFormat.of().withUpperCase();
    for (int i = 0; i < 256; i++) {
      byte[] text =
          ("<0x" + hex.toHexDigits((byte) i) + ">")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      tokens.ids[i] = index.find(text, 0, text.length);
    }
    return tokens;
  }

  /** Whether there is one for each byte. */
  boolean isComplete() {
    return Arrays.stream(ids).noneMatch(id -> id == TokenIndex.ABSENT);
  }

  /** The token of a byte, or {@link TokenIndex#ABSENT}. */
  int id(byte value) {
    return ids[value & 0xff];
  }

  /** Appends the tokens of bytes, where there is one for each. */
  void addAll(byte[] bytes, int from, int to, IntList out) {
    for (int i = from; i < to; i++) {
      out.add(id(bytes[i]));
    }
  }

  /** The byte that {@code <0x0A>} stands for; 0 where a file calls another text a byte. */
  static byte value(String text) {
    if (text.length() == 6
        && HexFormat.isHexDigit(text.charAt(3))
        && HexFormat.isHexDigit(text.charAt(4))) {
      return (byte) HexFormat.fromHexDigits(text, 3, 5);
    }
    return 0;
  }
}
