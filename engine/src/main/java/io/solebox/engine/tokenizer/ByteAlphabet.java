package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
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

  /** The bytes that the letters of texts stand for; what is no letter stands for itself. */
  MetadataValue.Strings decode(MetadataValue.Strings texts) {
    return decode(texts, false);
  }

  /** The same, but empty for a text that has anything else than letters. */
  MetadataValue.Strings onlyLetters(MetadataValue.Strings texts) {
    return decode(texts, true);
  }

  private MetadataValue.Strings decode(MetadataValue.Strings texts, boolean onlyLetters) {
    byte[] in = texts.bytes();
    byte[] out = new byte[texts.size() == 0 ? 0 : texts.end(texts.size() - 1)];
    int[] ends = new int[texts.size()];
    int at = 0;
    for (int id = 0; id < ends.length; id++) {
      int start = at;
      int end = texts.end(id);
      for (int i = texts.start(id); i < end; ) {
        int length = Math.max(1, Utf8.length(in, i, end));
        int value = length <= 2 ? value(in, i, length) : NO_BYTE;
        if (value != NO_BYTE) {
          out[at++] = (byte) value;
        } else if (onlyLetters) {
          at = start;
          break;
        } else {
          System.arraycopy(in, i, out, at, length);
          at += length;
        }
        i += length;
      }
      ends[id] = at;
    }
    return new MetadataValue.Strings(out, ends);
  }

  private int value(byte[] text, int at, int length) {
    int letter = length == 1 ? text[at] : Utf8.codePoint(text, at);
    return letter >= 0 && letter < bytes.length ? bytes[letter] : NO_BYTE;
  }
}
