package io.solebox.engine.tokenizer;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The alphabet in which byte-level BPE writes bytes as printable characters: printable Latin-1
 * stands for itself, the other 68 bytes for U+0100 and up, in order (openai/gpt-2: src/encoder.py,
 * bytes_to_unicode).
 */
final class ByteAlphabet {
  private static final int NO_BYTE = -1;

  private final byte[][] letters = new byte[256][];
  private final int[] bytes = new int[256 + 68];

  ByteAlphabet() {
    Arrays.fill(bytes, NO_BYTE);
    int others = 256;
    for (int i = 0; i < 256; i++) {
      boolean printable = (i >= '!' && i <= '~') || (i >= 0xa1 && i != 0xad);
      int letter = printable ? i : others++;
      bytes[letter] = i;
      letters[i] = Character.toString(letter).getBytes(StandardCharsets.UTF_8);
    }
  }

  /** The letter of a byte, as UTF-8 of one or two bytes. */
  byte[] letter(int value) {
    return letters[value];
  }

  /** The bytes that a token's letters stand for; what is no letter stands for itself. */
  byte[] decode(String text) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(text.length());
    text.codePoints()
        .forEach(
            letter -> {
              if (letter < bytes.length && bytes[letter] != NO_BYTE) {
                out.write(bytes[letter]);
              } else {
                out.writeBytes(Character.toString(letter).getBytes(StandardCharsets.UTF_8));
              }
            });
    return out.toByteArray();
  }
}
