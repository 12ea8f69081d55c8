package io.solebox.engine.cache;

import io.solebox.engine.spill.PrefixHash;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * What sequences begin with, block of ids by block of ids: a node stands for all ids from the start
 * of a sequence to the end of a full block. Pools say which nodes they hold a block for; a node
 * lives as long as a pool, a sequence or a longer prefix needs it. Owned by one engine loop.
 */
final class PrefixTree {
  /**
   * The ids of a block after those of its parent. The parent's number is unique, so equal keys mean
   * equal ids from the start of the sequence; a hash alone decides nothing.
   */
  private record Content(long parent, int[] tokens) {
    @Override
    public boolean equals(Object other) {
      return other instanceof Content(long p, int[] t) && p == parent && Arrays.equals(t, tokens);
    }

    @Override
    public int hashCode() {
      return 31 * Long.hashCode(parent) + Arrays.hashCode(tokens);
    }
  }

  private record Edge(Node parent, Content content) {}

  /** A prefix. */
  static final class Node {
    private final long number;
    private final PrefixHash hash;
    private final int blocks;
    private final Optional<Edge> edge; // empty for a root
    private int uses;

    private Node(long number, PrefixHash hash, int blocks, Optional<Edge> edge) {
      this.number = number;
      this.hash = hash;
      this.blocks = blocks;
      this.edge = edge;
    }

    /** What it is known by where there is no tree. */
    PrefixHash hash() {
      return hash;
    }

    /** From the start of a sequence. */
    int blocks() {
      return blocks;
    }
  }

  private final IntFunction<PrefixHash> rootHashes;
  private final Map<Integer, Node> roots = new HashMap<>(); // by variant
  private final Map<Content, Node> nodes = new HashMap<>();
  private long lastNumber;

  /**
   * @param rootHashes of the empty prefix under each variant
   */
  PrefixTree(IntFunction<PrefixHash> rootHashes) {
    this.rootHashes = rootHashes;
  }

  /**
   * The empty prefix.
   *
   * @param variant of the model: under another adapter equal ids are not the same
   */
  Node root(int variant) {
    return roots.computeIfAbsent(
        variant, v -> new Node(++lastNumber, rootHashes.apply(v), 0, Optional.empty()));
  }

  /** The prefix that is longer by a block of {@code tokens}, if anybody needs it. */
  Optional<Node> find(Node parent, int[] tokens) {
    return Optional.ofNullable(nodes.get(new Content(parent.number, tokens)));
  }

  /**
   * The same, made where it is not there; held for the caller.
   *
   * @param tokens not changed by anyone afterwards
   */
  Node enter(Node parent, int[] tokens) {
    var content = new Content(parent.number, tokens);
    Node node =
        nodes.computeIfAbsent(
            content,
            _ -> {
              hold(parent);
              return new Node(
                  ++lastNumber,
                  parent.hash.then(tokens),
                  parent.blocks + 1,
                  Optional.of(new Edge(parent, content)));
            });
    hold(node);
    return node;
  }

  void hold(Node node) {
    node.uses++;
  }

  /** Gives up one hold. */
  void drop(Node node) {
    Node at = node;
    while (--at.uses == 0 && at.edge.isPresent()) {
      Edge edge = at.edge.get();
      nodes.remove(edge.content());
      at = edge.parent();
    }
    assert at.uses >= 0 : "a prefix dropped twice";
  }

  /** Prefixes that are known. */
  int size() {
    return nodes.size();
  }
}
