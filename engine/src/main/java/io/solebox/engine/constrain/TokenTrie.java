package io.solebox.engine.constrain;

import java.util.Arrays;
import java.util.List;

/**
 * The texts of tokens as a tree of bytes, laid out in preorder: the nodes under node {@code n} are
 * {@code n + 1} to {@code end(n) - 1}, and the first node under it, if any, is its first child.
 * Node 0 is the empty text. Immutable.
 */
final class TokenTrie {
  private final byte[] labels;
  private final int[] ends;
  private final byte[] depths;

  /** Index into {@link #ids} of the first token at a node or under it. */
  private final int[] firsts;

  private final int[] ids;

  /** The tokens by number of characters: those with up to so many. */
  private final PartMask[] upTo;

  private final int maxDepth;

  private TokenTrie(TokenTrieBuilder builder) {
    this.labels = Arrays.copyOf(builder.labels, builder.nodes);
    this.ends = Arrays.copyOf(builder.ends, builder.nodes);
    this.depths = Arrays.copyOf(builder.depths, builder.nodes);
    this.firsts = Arrays.copyOf(builder.firsts, builder.nodes + 1);
    this.ids = builder.ids;
    this.upTo = builder.upTo;
    this.maxDepth = builder.maxDepth;
  }

  /** A token and its bytes. */
  record Token(int id, byte[] bytes) {}

  /**
   * @param tokens none empty, none of more than 255 bytes
   * @param vocab number of ids
   */
  static TokenTrie of(List<Token> tokens, int vocab) {
    return new TokenTrie(new TokenTrieBuilder(tokens, vocab));
  }

  int size() {
    return labels.length;
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

  /** Sets the bits of the tokens with a node's text. */
  void setTokens(int node, long[] mask) {
    for (int i = firsts[node]; i < firsts[node + 1]; i++) {
      mask[ids[i] >>> 6] |= 1L << ids[i];
    }
  }

  /** The tokens with up to so many characters, of texts that consist of characters. */
  PartMask upTo(int characters) {
    return upTo[Math.min(characters, maxDepth)];
  }
}
