package io.solebox.engine.tokenizer;

import io.solebox.engine.source.MetadataValue;
import java.util.Arrays;
import java.util.function.IntPredicate;

/** Tokens by their first bytes, to find all that begin at a place. Immutable once built. */
final class Trie {
  static final int NONE = -1;
  static final int ROOT = 0;

  /** A node and a byte, by slot; open addressing with linear probing, at most half full. */
  private long[] edges = new long[1 << 10];

  private int[] targets = new int[1 << 10];

  /** The token that ends at a node, or {@link #NONE}. */
  private int[] tokens = new int[1 << 9];

  private int nodes = 1;

  /**
   * @param texts by id; of equal texts the first counts, the empty text never
   * @param prefix how many bytes of each text are left out
   */
  Trie(MetadataValue.Strings texts, int prefix, IntPredicate include) {
    Arrays.fill(targets, NONE);
    Arrays.fill(tokens, NONE);
    for (int id = 0; id < texts.size(); id++) {
      if (texts.start(id) + prefix < texts.end(id) && include.test(id)) {
        insert(texts.bytes(), texts.start(id) + prefix, texts.end(id), id);
      }
    }
  }

  private void insert(byte[] text, int from, int to, int id) {
    int node = ROOT;
    for (int i = from; i < to; i++) {
      int next = next(node, text[i]);
      node = next == NONE ? add(node, text[i]) : next;
    }
    if (tokens[node] == NONE) {
      tokens[node] = id;
    }
  }

  private int add(int parent, byte value) {
    if (2 * nodes >= edges.length) {
      grow();
    }
    if (nodes == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * nodes);
      Arrays.fill(tokens, nodes, 2 * nodes, NONE);
    }
    put(edge(parent, value), nodes);
    return nodes++;
  }

  private void grow() {
    long[] oldEdges = edges;
    int[] oldTargets = targets;
    edges = new long[2 * oldEdges.length];
    targets = new int[edges.length];
    Arrays.fill(targets, NONE);
    for (int i = 0; i < oldEdges.length; i++) {
      if (oldTargets[i] != NONE) {
        put(oldEdges[i], oldTargets[i]);
      }
    }
  }

  private void put(long edge, int target) {
    int slot = slot(edge);
    edges[slot] = edge;
    targets[slot] = target;
  }

  private static long edge(int node, byte value) {
    return (long) node << 8 | (value & 0xff);
  }

  private int slot(long edge) {
    int mask = edges.length - 1;
    int slot = (int) (edge * 0x9E37_79B9_7F4A_7C15L >>> 32) & mask;
    while (targets[slot] != NONE && edges[slot] != edge) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** The node after one more byte, or {@link #NONE}. */
  int next(int node, byte value) {
    return targets[slot(edge(node, value))];
  }

  /** The token that ends at a node, or {@link #NONE}. */
  int token(int node) {
    return tokens[node];
  }
}
