package io.solebox.engine.tokenizer;

import io.solebox.engine.tokenizer.normalize.Charsmap;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/**
 * What SentencePiece does to text first: rules for characters, one space in place of several, a
 * space in front, and U+2581 for spaces (google/sentencepiece: src/normalizer.cc). User-defined
 * pieces stay as they are.
 */
final class SentencePieceNormalizer {
  private static final byte[] MARK = "\u2581".getBytes(StandardCharsets.UTF_8);

  private final Optional<Charsmap> charsmap;
  private final boolean addsSpace;
  private final boolean mergesSpaces;
  private final Trie userDefined;

  SentencePieceNormalizer(
      Optional<Charsmap> charsmap, boolean addsSpace, boolean mergesSpaces, Vocabulary vocabulary) {
    this.charsmap = charsmap;
    this.addsSpace = addsSpace;
    this.mergesSpaces = mergesSpaces;
    this.userDefined =
        new Trie(vocabulary.texts(), 0, id -> vocabulary.kind(id) == TokenKind.USER_DEFINED);
  }

  boolean addsSpace() {
    return addsSpace;
  }

  Trie userDefined() {
    return userDefined;
  }

  /**
   * @param inFront whether this is where a space is put in front
   */
  byte[] normalize(byte[] utf8, int from, int to, boolean inFront) {
    return new Run(utf8, from, to).run(addsSpace && inFront);
  }

  /** One text. */
  private final class Run {
    private final byte[] in;
    private final int to;
    private int at;
    private byte[] out;
    private int length;

    /** How many bytes of the input the last piece stands for. */
    private int consumed;

    Run(byte[] utf8, int from, int to) {
      this.in = utf8;
      this.at = from;
      this.to = to;
      this.out = new byte[to - from + to / 2 + MARK.length];
    }

    byte[] run(boolean prefix) {
      while (mergesSpaces && at < to && isOnlySpaces(next())) {
        at += consumed;
      }
      if (at == to) {
        return new byte[0];
      }
      if (prefix) {
        append(MARK, 0, MARK.length);
      }
      boolean afterSpace = mergesSpaces;
      while (at < to) {
        byte[] text = next();
        at += consumed;
        int skipped = 0;
        while (afterSpace && skipped < text.length && text[skipped] == ' ') {
          skipped++;
        }
        if (skipped < text.length) {
          append(text, skipped, text.length);
          afterSpace = mergesSpaces && text[text.length - 1] == ' ';
        }
      }
      while (mergesSpaces && length >= MARK.length && endsWithMark()) {
        length -= MARK.length;
      }
      return Arrays.copyOf(out, length);
    }

    private static boolean isOnlySpaces(byte[] text) {
      return text.length == 1 && text[0] == ' ';
    }

    private boolean endsWithMark() {
      return Spaces.isMark(out, length - MARK.length, length);
    }

    /** What the text goes on with, normalized. */
    private byte[] next() {
      consumed = userDefinedBytes();
      if (consumed > 0) {
        return Arrays.copyOfRange(in, at, at + consumed);
      }
      Optional<Charsmap.Replacement> found = charsmap.flatMap(map -> map.longest(in, at, to));
      if (found.isPresent()) {
        consumed = found.get().length();
        return found.get().text();
      }
      int bytes = Utf8.length(in, at, to);
      consumed = Math.max(bytes, 1);
      return bytes == 0 ? Utf8.REPLACEMENT : Arrays.copyOfRange(in, at, at + bytes);
    }

    private int userDefinedBytes() {
      return longest(userDefined, in, at, to) - at;
    }

    private void append(byte[] text, int from, int end) {
      if (length + MARK.length * (end - from) > out.length) {
        out = Arrays.copyOf(out, 2 * out.length + MARK.length * (end - from));
      }
      for (int i = from; i < end; i++) {
        if (text[i] == ' ') {
          System.arraycopy(MARK, 0, out, length, MARK.length);
          length += MARK.length;
        } else {
          out[length++] = text[i];
        }
      }
    }
  }

  /** The end of the longest token of a trie that begins at {@code at}, or {@code at}. */
  static int longest(Trie trie, byte[] text, int at, int to) {
    int end = at;
    int node = Trie.ROOT;
    for (int i = at; i < to; i++) {
      node = trie.next(node, text[i]);
      if (node == Trie.NONE) {
        break;
      }
      end = trie.token(node) == Trie.NONE ? end : i + 1;
    }
    return end;
  }
}
