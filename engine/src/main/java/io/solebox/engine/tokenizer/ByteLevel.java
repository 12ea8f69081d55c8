package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.util.Arrays;

/** Steps between text and the {@link ByteAlphabet}, in which byte-level BPE is written. */
final class ByteLevel {
  private static final ByteAlphabet ALPHABET = new ByteAlphabet();

  private ByteLevel() {}

  /** Puts a space in front of what begins with none. */
  static PreTokenizer spaceInFront() {
    return (utf8, from, to, first, words) -> {
      if (utf8[from] == ' ') {
        words.accept(utf8, from, to, first);
        return;
      }
      byte[] text = new byte[to - from + 1];
      text[0] = ' ';
      System.arraycopy(utf8, from, text, 1, to - from);
      words.accept(text, 0, text.length, first);
    };
  }

  /** Lets a pre-tokenizer see letters in place of bytes. */
  static PreTokenizer overLetters(PreTokenizer inner) {
    return (utf8, from, to, first, words) -> {
      byte[] letters = letters(Arrays.copyOfRange(utf8, from, to));
      inner.split(
          letters,
          0,
          letters.length,
          first,
          (word, start, end, firstWord) -> {
            byte[] bytes = bytes(Arrays.copyOfRange(word, start, end));
            words.accept(bytes, 0, bytes.length, firstWord);
          });
    };
  }

  /** Bytes as letters. */
  static byte[] letters(byte[] bytes) {
    byte[] out = new byte[2 * bytes.length];
    int at = 0;
    for (byte value : bytes) {
      for (byte part : ALPHABET.letter(value & 0xff)) {
        out[at++] = part;
      }
    }
    return Arrays.copyOf(out, at);
  }

  /** Letters as bytes; a text that has anything else stays as it is. */
  static byte[] bytes(byte[] letters) {
    var text = new MetadataValue.Strings(letters, new int[] {letters.length});
    MetadataValue.Strings decoded = ALPHABET.onlyLetters(text);
    return decoded.end(0) == 0 ? letters : Arrays.copyOf(decoded.bytes(), decoded.end(0));
  }
}
