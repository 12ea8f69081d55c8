package io.solebox.engine.constrain;

import io.solebox.engine.constrain.match.CharacterKinds;
import java.util.Arrays;
import java.util.List;

/**
 * The texts of tokens as trees of bytes, one for each set of kinds of characters that tokens
 * consist of, laid out in preorder: the nodes under node {@code n} are {@code n + 1} to {@code
 * end(n) - 1}, and the first node under it, if any, is its first child. A root is the empty text.
 * Immutable.
 */
final class TokenTrie {
  private final byte[] labels;
  private final int[] ends;
  private final byte[] depths;
  private final byte[] kinds;
  private final byte[] characters;

  /** Index into {@link #ids} of the first token at a node or under it. */
  private final int[] firsts;

  private final int[] ids;
  private final List<TokenTree> trees;
  private final int maxDepth;

  private TokenTrie(TokenTrieBuilder builder) {
    this.labels = Arrays.copyOf(builder.labels, builder.nodes);
    this.ends = Arrays.copyOf(builder.ends, builder.nodes);
    this.depths = Arrays.copyOf(builder.depths, builder.nodes);
    this.kinds = Arrays.copyOf(builder.kinds, builder.nodes);
    this.characters = Arrays.copyOf(builder.characters, builder.nodes);
    this.firsts = Arrays.copyOf(builder.firsts, builder.nodes + 1);
    this.ids = builder.ids;
    this.trees = List.copyOf(builder.trees);
    this.maxDepth = builder.maxDepth;
  }

  /** A token and its bytes. */
  record Token(int id, byte[] bytes) {
    /** Of all its characters. */
    int kinds() {
      int all = CharacterKinds.of(bytes);
      return (all & CharacterKinds.OTHER) != 0 ? CharacterKinds.OTHER : all;
    }
  }

  /**
   * @param tokens none empty, none of more than 255 bytes
   * @param vocab number of ids
   */
  static TokenTrie of(List<Token> tokens, int vocab) {
    return new TokenTrie(new TokenTrieBuilder(tokens, vocab));
  }

  List<TokenTree> trees() {
    return trees;
  }

  int label(int node) {
    return labels[node] & 0xff;
  }

  /** Behind the last node under it. */
  int end(int node) {
    return ends[node];
  }

  /** Number of bytes of a node's text. */
  int depth(int node) {
    return depths[node] & 0xff;
  }

  int maxDepth() {
    return maxDepth;
  }

  boolean hasChildren(int node) {
    return ends[node] > node + 1;
  }

  /**
   * The kinds of all characters that tokens under a node have behind it, {@link
   * CharacterKinds#OTHER} among them where it is not between characters.
   */
  int kinds(int node) {
    return kinds[node];
  }

  /**
   * How many characters tokens under a node have behind it at most, if it is between characters.
   */
  int characters(int node) {
    return characters[node] & 0xff;
  }

  /** Sets the bits of the tokens with a node's text. */
  void setTokens(int node, long[] mask) {
    set(firsts[node], firsts[node + 1], mask);
  }

  /** Sets the bits of the tokens with a node's text, and of those under it. */
  void setAll(int node, long[] mask) {
    set(firsts[node], firsts[ends[node]], mask);
  }

  private void set(int from, int to, long[] mask) {
    for (int i = from; i < to; i++) {
      mask[ids[i] >>> 6] |= 1L << ids[i];
    }
  }
}
