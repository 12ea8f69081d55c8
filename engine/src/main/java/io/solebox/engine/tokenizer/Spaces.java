package io.solebox.engine.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** U+2581, which stands for a space in vocabularies in the manner of SentencePiece. */
final class Spaces {
  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  /** By the upper half of the first byte. */
  private static final int[] LENGTHS = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4};

  private Spaces() {}

  /**
   * A stretch of text with marks for spaces.
   *
   * @param prefix whether a mark is put in front
   */
  static byte[] escape(byte[] utf8, int from, int to, boolean prefix) {
    int spaces = 0;
    for (int i = from; i < to; i++) {
      spaces += utf8[i] == ' ' ? 1 : 0;
    }
    byte[] text = new byte[to - from + 2 * spaces + (prefix ? MARK.length : 0)];
    int at = prefix ? put(text, 0) : 0;
    for (int i = from; i < to; i++) {
      if (utf8[i] == ' ') {
        at = put(text, at);
      } else {
        text[at++] = utf8[i];
      }
    }
    return text;
  }

  private static int put(byte[] text, int at) {
    System.arraycopy(MARK, 0, text, at, MARK.length);
    return at + MARK.length;
  }

  /** A token's text with spaces for marks. */
  static byte[] unescape(byte[] text) {
    byte[] out = text.clone();
    int length = 0;
    for (int i = 0; i < text.length; length++) {
      boolean mark = isMark(text, i, text.length);
      out[length] = mark ? (byte) ' ' : text[i];
      i += mark ? MARK.length : 1;
    }
    return Arrays.copyOf(out, length);
  }

  static boolean isMark(byte[] text, int at, int to) {
    return at + MARK.length <= to
        && text[at] == MARK[0]
        && text[at + 1] == MARK[1]
        && text[at + 2] == MARK[2];
  }

  /** Whether a mark stands behind anything but marks, so that the text joins two words. */
  static boolean joinsWords(byte[] text) {
    for (int i = 1; i < text.length; i++) {
      if (isMark(text, i, text.length)
          && !(i >= MARK.length && isMark(text, i - MARK.length, text.length))) {
        return true;
      }
    }
    return false;
  }

  /** The end of the word at {@code start}: all leading marks, then up to the next one. */
  static int wordEnd(byte[] text, int start, int to) {
    int at = start;
    while (isMark(text, at, to)) {
      at += MARK.length;
    }
    // A character at a time, so that a stray byte swallows what it swallows in the merger.
    while (at < to && !isMark(text, at, to)) {
      at = Math.min(to, at + characterBytes(text[at]));
    }
    return at;
  }

  /** Bytes of a character by its first; a stray byte counts as one. */
  static int characterBytes(byte first) {
    return LENGTHS[(first & 0xff) >>> 4];
  }
}
