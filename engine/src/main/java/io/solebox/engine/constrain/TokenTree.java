package io.solebox.engine.constrain;

import io.solebox.engine.constrain.TokenTrie.Token;
import io.solebox.engine.constrain.match.CharacterKinds;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;

/**
 * One tree of a {@link TokenTrie}. What consists of characters can be taken by their number.
 * Immutable.
 */
final class TokenTree {
  /** From so many tokens on, those of each number of characters are kept as bits too. */
  private static final int MANY = 4096;

  private static final long[] NO_BITS = {};

  private final int root;
  private final int kinds;

  /** By number of characters. */
  private final int[] ids;

  /** How many have up to so many characters. */
  private final int[] upTo;

  /** Those with up to so many characters, where they are many. */
  private final long[][] bits;

  /**
   * @param tokens of one set of kinds of characters
   * @param vocab number of ids
   */
  TokenTree(int root, List<Token> tokens, int vocab) {
    this.root = root;
    this.kinds = tokens.getFirst().kinds();
    List<Token> sorted =
        tokens.stream().sorted(Comparator.comparingInt(TokenTree::length)).toList();
    this.ids = sorted.stream().mapToInt(Token::id).toArray();
    this.upTo = new int[length(sorted.getLast()) + 1];
    sorted.forEach(token -> upTo[length(token)]++);
    for (int length = 1; length < upTo.length; length++) {
      upTo[length] += upTo[length - 1];
    }
    this.bits = new long[upTo.length][];
    long[] all = new long[(vocab + 63) / 64];
    for (int length = 0; length < upTo.length; length++) {
      set(length == 0 ? 0 : upTo[length - 1], upTo[length], all);
      bits[length] = upTo[length] < MANY ? NO_BITS : all.clone();
    }
  }

  /** Characters; bytes of what is not made of them. */
  private static int length(Token token) {
    return (token.kinds() & CharacterKinds.OTHER) != 0
        ? token.bytes().length
        : Math.toIntExact(new String(token.bytes(), StandardCharsets.UTF_8).codePoints().count());
  }

  int root() {
    return root;
  }

  /** Of all characters of its tokens. */
  int kinds() {
    return kinds;
  }

  /** Whether all characters of such kinds may be treated alike. */
  boolean isPlain() {
    return (kinds & CharacterKinds.OTHER) == 0;
  }

  /** The characters of its longest tokens. */
  int characters() {
    return upTo.length - 1;
  }

  /** Sets the bits of its tokens with up to so many characters. */
  void setUpTo(int length, long[] mask) {
    int most = Math.min(length, characters());
    long[] known = bits[most];
    for (int i = 0; i < known.length; i++) {
      mask[i] |= known[i];
    }
    if (known.length == 0) {
      set(0, upTo[most], mask);
    }
  }

  private void set(int from, int to, long[] mask) {
    for (int i = from; i < to; i++) {
      mask[ids[i] >>> 6] |= 1L << ids[i];
    }
  }
}
