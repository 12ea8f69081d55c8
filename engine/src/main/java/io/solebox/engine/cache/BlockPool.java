package io.solebox.engine.cache;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The KV blocks of one group of a plan: which are free, which are held by sequences, and which hold
 * a prefix that a later prompt may share. Owned by one engine loop; not thread-safe. Block ids
 * alone live here, the bytes belong to the plan.
 *
 * <p>A full block may be <em>published</em>: it is then found by its content, shared by reference
 * count, and, when nobody holds it any more, kept until it is the least recently used one and its
 * place is needed.
 */
final class BlockPool {
  private static final class Block {
    final int id;
    int holders;
    Optional<PrefixTree.Node> content = Optional.empty(); // while published

    Block(int id) {
      this.id = id;
    }
  }

  private final PrefixTree tree;
  private final Departure departure;
  private final Block[] blocks;
  private final int[] free;
  private int freeCount;
  private final Map<PrefixTree.Node, Block> published = new HashMap<>();
  private final LinkedHashSet<Block> idle =
      new LinkedHashSet<>(); // published, no holder; oldest first

  /**
   * @param departure hears of published blocks that leave for others
   */
  BlockPool(int size, PrefixTree tree, Departure departure) {
    this.tree = tree;
    this.departure = departure;
    blocks = new Block[size];
    free = new int[size];
    for (int i = 0; i < size; i++) {
      blocks[i] = new Block(i);
      free[freeCount++] = size - 1 - i;
    }
  }

  /**
   * A block that only the caller holds; takes the least recently used idle one when none is free.
   */
  OptionalInt allocate() {
    if (freeCount == 0 && !evictOldest()) {
      return OptionalInt.empty();
    }
    Block block = blocks[free[--freeCount]];
    block.holders = 1;
    return OptionalInt.of(block.id);
  }

  /** Blocks that {@link #allocate} can still give. */
  int available() {
    return freeCount + idle.size();
  }

  /** Gives up one hold. A published block stays findable, an unpublished one is free at once. */
  void release(int id) {
    Block block = blocks[id];
    assert block.holders > 0 : "block " + id + " released twice";
    if (--block.holders == 0) {
      if (block.content.isEmpty()) {
        free[freeCount++] = id;
      } else {
        idle.add(block);
      }
    }
  }

  /**
   * Makes a full block findable. If the same content is published already, that block stays the
   * findable one.
   */
  void publish(int id, PrefixTree.Node content) {
    Block block = blocks[id];
    assert block.content.isEmpty() : "block " + id + " published twice";
    if (published.putIfAbsent(content, block) == null) {
      block.content = Optional.of(content);
      tree.hold(content);
    }
  }

  /** Whether a block with this content can be had. */
  boolean has(PrefixTree.Node content) {
    return published.containsKey(content);
  }

  /** Holds the block with this content, which {@link #has} has found. */
  int acquire(PrefixTree.Node content) {
    Block block = published.get(content);
    if (block.holders++ == 0) {
      idle.remove(block);
    }
    return block.id;
  }

  /**
   * Tells of every published block: those in use, what others are of no use without first, then the
   * others from the last used on.
   */
  void eachPublished(Departure visitor) {
    published.values().stream()
        .filter(block -> block.holders > 0)
        .sorted(Comparator.comparingInt(block -> block.content.orElseThrow().blocks()))
        .forEach(block -> visitor.leaves(block.content.orElseThrow(), block.id));
    idle.reversed().forEach(block -> visitor.leaves(block.content.orElseThrow(), block.id));
  }

  /** Forgets every published content, as when the plan's memory was lost. */
  void forgetContents() {
    while (!idle.isEmpty()) {
      freeOldest();
    }
    for (Block block : blocks) {
      unpublish(block);
    }
  }

  private boolean evictOldest() {
    if (idle.isEmpty()) {
      return false;
    }
    Block oldest = idle.getFirst();
    departure.leaves(oldest.content.orElseThrow(), oldest.id);
    freeOldest();
    return true;
  }

  private void freeOldest() {
    Block oldest = idle.removeFirst();
    unpublish(oldest);
    free[freeCount++] = oldest.id;
  }

  private void unpublish(Block block) {
    block.content.ifPresent(
        content -> {
          published.remove(content);
          tree.drop(content);
        });
    block.content = Optional.empty();
  }

  int size() {
    return blocks.length;
  }

  /** Blocks held by sequences. */
  int used() {
    return blocks.length - available();
  }

  /** Blocks that only the prefix cache keeps. */
  int cached() {
    return idle.size();
  }
}
