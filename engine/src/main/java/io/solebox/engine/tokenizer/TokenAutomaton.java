package io.solebox.engine.tokenizer;

import java.util.Arrays;
import java.util.List;

/**
 * Finds the ends of many tokens in a text in one pass (Aho and Corasick, Communications of the ACM
 * 18, 1975). A state stands for the longest end of the text so far that a token begins with.
 * Immutable once built.
 */
final class TokenAutomaton {
  static final int NONE = -1;
  static final int ROOT = 0;

  private static final int ALPHABET = 256;

  private final int[] roots = new int[ALPHABET];

  /** Children of a state form a chain: few have many, save the root. */
  private int[] firstChild = new int[1024];

  private int[] sibling = new int[1024];
  private byte[] label = new byte[1024];

  /** The state for the next shorter end of the text. */
  private int[] shorter = new int[1024];

  /** The first token that ends here and is as long as the state. */
  private int[] token = new int[1024];

  /** The first state, from this one to ever shorter ones, that has a token. */
  private int[] nearest = new int[1024];

  private int states;

  /** The state that is as long as a token, by index. */
  private final int[] matches;

  /** The next token of the same text, by index. */
  private final int[] twins;

  /**
   * @param texts of tokens, by index; none is empty
   */
  TokenAutomaton(List<byte[]> texts) {
    matches = new int[texts.size()];
    twins = new int[texts.size()];
    add(NONE, (byte) 0);
    // Backwards, so that of equal texts the first token comes first.
    for (int i = texts.size() - 1; i >= 0; i--) {
      insert(texts.get(i), i);
    }
    link();
  }

  private int add(int parent, byte value) {
    int state = states++;
    if (state == label.length) {
      int size = 2 * state;
      firstChild = Arrays.copyOf(firstChild, size);
      sibling = Arrays.copyOf(sibling, size);
      label = Arrays.copyOf(label, size);
      shorter = Arrays.copyOf(shorter, size);
      token = Arrays.copyOf(token, size);
      nearest = Arrays.copyOf(nearest, size);
    }
    firstChild[state] = NONE;
    label[state] = value;
    token[state] = NONE;
    sibling[state] = NONE;
    if (parent == ROOT) {
      roots[value & 0xff] = state;
    }
    if (parent != NONE) {
      sibling[state] = firstChild[parent];
      firstChild[parent] = state;
    }
    return state;
  }

  private void insert(byte[] text, int index) {
    int state = ROOT;
    for (byte value : text) {
      int child = child(state, value);
      state = child == NONE ? add(state, value) : child;
    }
    matches[index] = state;
    twins[index] = token[state];
    token[state] = index;
  }

  private int child(int state, byte value) {
    if (state == ROOT) {
      int root = roots[value & 0xff];
      return root == ROOT ? NONE : root;
    }
    int child = firstChild[state];
    while (child != NONE && label[child] != value) {
      child = sibling[child];
    }
    return child;
  }

  /** Breadth first: what is shorter is linked before. */
  private void link() {
    int[] queue = new int[states];
    int end = 1;
    nearest[ROOT] = NONE;
    for (int at = 0; at < end; at++) {
      int parent = queue[at];
      for (int state = firstChild[parent]; state != NONE; state = sibling[state]) {
        queue[end++] = state;
        shorter[state] = parent == ROOT ? ROOT : next(shorter[parent], label[state]);
        nearest[state] = token[state] == NONE ? nearest[shorter[state]] : state;
      }
    }
  }

  /** The state after one more byte. */
  int next(int from, byte value) {
    int state = from;
    int child = child(state, value);
    while (child == NONE && state != ROOT) {
      state = shorter[state];
      child = child(state, value);
    }
    return child == NONE ? ROOT : child;
  }

  /** The state of the longest token that ends where {@code state} does, or {@link #NONE}. */
  int longestMatch(int state) {
    return nearest[state];
  }

  /** As {@link #longestMatch}, of a token shorter than that of {@code match}. */
  int shorterMatch(int match) {
    return nearest[shorter[match]];
  }

  /** The match of a token by its index. */
  int matchOf(int index) {
    return matches[index];
  }

  /** The index of the next token of the same text, or {@link #NONE}. */
  int twinOf(int index) {
    return twins[index];
  }

  /** The index of a match's first token. */
  int tokenOf(int match) {
    return token[match];
  }
}
