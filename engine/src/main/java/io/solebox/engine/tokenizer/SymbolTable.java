package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

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

  /**
   * What symbols are, and what becomes of those that are no token.
   *
   * @param byteFallback whether they become {@link ByteTokens}; of characters alone
   * @param unknown stands for what is left; without it, that is left out
   * @param fusesUnknown whether one stands for several in a row
   * @param prefix of symbols behind the first of a word
   * @param suffix of the last symbol of a word
   */
  record Rules(
      Unit unit,
      boolean byteFallback,
      OptionalInt unknown,
      boolean fusesUnknown,
      String prefix,
      String suffix) {
    /** Those of llama.cpp. */
    static Rules plain(Unit unit) {
      return new Rules(unit, true, OptionalInt.empty(), false, "", "");
    }
  }

  private final Rules rules;
  private final Unit unit;
  private final byte[] prefix;
  private final byte[] suffix;
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

  SymbolTable(Rules rules, Vocabulary vocabulary, MergeTable merges) {
    this.rules = rules;
    this.unit = rules.unit();
    this.prefix = rules.prefix().getBytes(StandardCharsets.UTF_8);
    this.suffix = rules.suffix().getBytes(StandardCharsets.UTF_8);
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

  /** Whether nothing is known of it yet. */
  boolean isOpen(int id) {
    return found[id] != WHOLE && found[id] != BROKEN && !hasAffixes();
  }

  private boolean hasAffixes() {
    return prefix.length > 0 || suffix.length > 0;
  }

  void remember(int id, boolean whole) {
    found[id] = whole ? WHOLE : BROKEN;
  }

  /** Whether characters that are no symbol are as if they were not there. */
  boolean skipsUnknown() {
    return !rules.byteFallback() && rules.unknown().isEmpty();
  }

  /** How many bytes the symbol has that begins at {@code at}. */
  int symbolBytes(byte[] word, int at) {
    return switch (unit) {
      case BYTE -> 1;
      case CHARACTER -> Utf8.length(word[at]);
    };
  }

  /** The symbol that begins at {@code at} of a word, or {@link #UNKNOWN}. */
  int symbol(byte[] word, int from, int at, int to) {
    if (hasAffixes()) {
      return symbolWithAffixes(word, from, at, to);
    }
    return switch (unit) {
      case BYTE -> byteSymbols[word[at] & 0xff];
      case CHARACTER -> merges.find(word, at, at + Utf8.length(word[at]));
    };
  }

  private int symbolWithAffixes(byte[] word, int from, int at, int to) {
    int end = at + symbolBytes(word, at);
    byte[] plain = Arrays.copyOfRange(word, at, end);
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    text.writeBytes(at > from ? prefix : new byte[0]);
    text.writeBytes(
        switch (unit) {
          case BYTE -> ByteLevel.letters(plain);
          case CHARACTER -> plain;
        });
    text.writeBytes(end == to ? suffix : new byte[0]);
    return merges.find(text.toByteArray(), 0, text.size());
  }

  /**
   * Appends what stands for bytes that are left as no token.
   *
   * @param afterUnknown whether the unknown token stands for what is before
   * @return whether it does for these
   */
  boolean fallBack(byte[] word, int from, int to, boolean afterUnknown, IntList out) {
    if (rules.unknown().isPresent() && !(rules.byteFallback() && hasByteTokens(word, from, to))) {
      if (!(afterUnknown && rules.fusesUnknown())) {
        out.add(rules.unknown().getAsInt());
      }
      return true;
    }
    for (int i = from; rules.byteFallback() && i < to; i++) {
      int id = byteToken(word[i]);
      if (merges.isToken(id)) {
        out.add(id);
      }
    }
    return false;
  }

  private boolean hasByteTokens(byte[] word, int from, int to) {
    for (int i = from; i < to; i++) {
      if (!merges.isToken(byteToken(word[i]))) {
        return false;
      }
    }
    return true;
  }

  private int byteToken(byte value) {
    return switch (unit) {
      case BYTE -> value > ' ' && value < 0x7f ? byteSymbols[value] : UNKNOWN;
      case CHARACTER -> byteTokens.id(value);
    };
  }
}
