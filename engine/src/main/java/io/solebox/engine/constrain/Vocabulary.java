package io.solebox.engine.constrain;

import io.solebox.engine.backend.TokenMask;
import io.solebox.engine.constrain.TokenTrie.Token;
import io.solebox.engine.tokenizer.Tokenizer;
import io.solebox.engine.tokenizer.Tokenizer.Specials;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The tokens of a model by their bytes. Immutable; safe for many threads. */
final class Vocabulary {
  /**
   * Longer tokens, mostly runs of one sign, are looked at by themselves: counters that no other
   * token brings to an end are then alike sooner.
   */
  private static final int LONG = 24;

  private static final int MAX_BYTES = 255;

  private final Tokenizer tokenizer;
  private final List<TokenTrie> tries;
  private final long[] ends;

  private Vocabulary(Tokenizer tokenizer, List<TokenTrie> tries) {
    this.tokenizer = tokenizer;
    this.tries = tries;
    this.ends = new long[(tokenizer.vocabSize() + 63) / 64];
    tokenizer.endOfGeneration().forEach(id -> ends[id >>> 6] |= 1L << id);
  }

  static Vocabulary of(Tokenizer tokenizer) {
    List<Token> usual = new ArrayList<>();
    List<Token> longOnes = new ArrayList<>();
    for (int id = 0; id < tokenizer.vocabSize(); id++) {
      if (isText(tokenizer, id)) {
        Token token = new Token(id, tokenizer.tokenBytes(id));
        int length = token.bytes().length;
        if (length > 0 && length <= MAX_BYTES) {
          (length > LONG ? longOnes : usual).add(token);
        }
      }
    }
    int vocab = tokenizer.vocabSize();
    return new Vocabulary(
        tokenizer, List.of(TokenTrie.of(usual, vocab), TokenTrie.of(longOnes, vocab)));
  }

  private static boolean isText(Tokenizer tokenizer, int id) {
    return !tokenizer.isSpecial(id)
        && !tokenizer.isUnused(id)
        && !tokenizer.endOfGeneration().contains(id);
  }

  /** All texts of tokens, those of long ones by themselves. */
  List<TokenTrie> tries() {
    return tries;
  }

  int size() {
    return tokenizer.vocabSize();
  }

  /** Mask of the ids that end an answer, not to be changed. */
  long[] ends() {
    return ends;
  }

  /** A mask of no id. */
  TokenMask none() {
    return new TokenMask(new long[ends.length]);
  }

  /** A mask of one id. */
  TokenMask only(int id) {
    long[] words = new long[ends.length];
    words[id >>> 6] = 1L << id;
    return new TokenMask(words);
  }

  /** The ids that the tokenizer makes of a text inside of an answer, if they say just that. */
  Optional<int[]> encode(String text) {
    // Behind a line's end, where no tokenizer adds a space or takes one in.
    return Stream.of("\n", "").flatMap(before -> encode(before, text).stream()).findFirst();
  }

  private Optional<int[]> encode(String before, String text) {
    int[] ids = tokenizer.encode(before + text, Specials.AS_TEXT, false);
    for (int from = 0; from < ids.length; from++) {
      if (text(ids, from, ids.length).equals(text)) {
        return Optional.of(Arrays.copyOfRange(ids, from, ids.length));
      }
    }
    return Optional.empty();
  }

  private String text(int[] ids, int from, int to) {
    var bytes = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      bytes.writeBytes(isText(ids[i]) ? bytes(ids[i]) : new byte[0]);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }

  boolean ends(int id) {
    return (ends[id >>> 6] & 1L << id) != 0;
  }

  /** Whether an id stands for its bytes. */
  boolean isText(int id) {
    return isText(tokenizer, id);
  }

  byte[] bytes(int id) {
    return tokenizer.tokenBytes(id);
  }
}
