package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.util.Arrays;

/**
 * What the words of a BPE begin as: each byte or each character is a symbol, until merges join
 * them. Immutable, save for what it remembers of its words; safe for many threads.
 */
final class SymbolTable {
  /** The symbol of a character that neither tokens nor merges know. */
  static final int UNKNOWN = TokenIndex.ABSENT;

  /** What the first symbols of a word are. */
  enum Unit {
    /** Bytes; tokens are written in the {@link ByteAlphabet}. */
    BYTE,
    /** Characters; what is no token becomes {@link ByteTokens}. */
    CHARACTER
  }

  /** What is known of a token as a word: that merges make it of its text, or something else. */
  private static final byte WHOLE = 1;

  private static final byte BROKEN = 2;

  private final Unit unit;
  private final MergeTable merges;

  /** The bytes of tokens, which are their texts where symbols are characters. */
  private final MetadataValue.Strings bytes;

  /** Ids by those bytes; tokens that no text becomes have none. */
  private final TokenIndex index;

  private final ByteTokens byteTokens;

  /** Symbols of single bytes. */
  private final int[] byteSymbols = new int[256];

  /** By id. Two threads may find the same out at the same time. */
  private final byte[] found;

  SymbolTable(Unit unit, Vocabulary vocabulary, MergeTable merges) {
    this.unit = unit;
    this.merges = merges;
    ByteAlphabet alphabet = new ByteAlphabet();
    this.bytes =
        switch (unit) {
          case BYTE -> alphabet.decode(vocabulary.texts());
          case CHARACTER -> vocabulary.texts();
        };
    this.index =
        switch (unit) {
          case BYTE -> new TokenIndex(alphabet.onlyLetters(vocabulary.texts()));
          case CHARACTER -> vocabulary.index();
        };
    this.byteTokens = ByteTokens.of(vocabulary.index());
    for (int i = 0; i < 256; i++) {
      byte[] letter = alphabet.letter(i);
      byteSymbols[i] = merges.find(letter, 0, letter.length);
    }
    this.found = new byte[vocabulary.size()];
  }

  /** What a token says. */
  byte[] bytes(int id) {
    return Arrays.copyOfRange(bytes.bytes(), bytes.start(id), bytes.end(id));
  }

  /** Whether a token has a space behind something else; see {@link Spaces}. */
  boolean joinsWords() {
    for (int id = 0; id < bytes.size(); id++) {
      if (Spaces.joinsWords(bytes(id))) {
        return true;
      }
    }
    return false;
  }

  MergeTable merges() {
    return merges;
  }

  /** The token with exactly these bytes, or {@link TokenIndex#ABSENT}. */
  int token(byte[] word, int from, int to) {
    return index.find(word, from, to);
  }

  /** Whether merges are known to make the token of its bytes. */
  boolean isWhole(int id) {
    return found[id] == WHOLE;
  }

  boolean isOpen(int id) {
    return found[id] != WHOLE && found[id] != BROKEN;
  }

  void remember(int id, boolean whole) {
    found[id] = whole ? WHOLE : BROKEN;
  }

  /** How many bytes the symbol has that begins at {@code at}. */
  int symbolBytes(byte[] word, int at) {
    return switch (unit) {
      case BYTE -> 1;
      case CHARACTER -> Utf8.length(word[at]);
    };
  }

  /** The symbol that begins at {@code at}, or {@link #UNKNOWN}. */
  int symbol(byte[] word, int at) {
    return switch (unit) {
      case BYTE -> byteSymbols[word[at] & 0xff];
      case CHARACTER -> merges.find(word, at, at + Utf8.length(word[at]));
    };
  }

  /** The tokens of bytes that are left as no token; bytes without one are left out. */
  void fallBack(byte[] word, int from, int to, IntList out) {
    for (int i = from; i < to; i++) {
      int id =
          switch (unit) {
            case BYTE -> word[i] > ' ' && word[i] < 0x7f ? byteSymbols[word[i]] : UNKNOWN;
            case CHARACTER -> byteTokens.id(word[i]);
          };
      if (merges.isToken(id)) {
        out.add(id);
      }
    }
  }
}
