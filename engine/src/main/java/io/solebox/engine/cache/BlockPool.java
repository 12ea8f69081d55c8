package io.solebox.engine.cache;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The KV blocks of one plan: which are free, which are held by sequences, and which hold a prefix
 * that a later prompt may share. Owned by one engine loop; not thread-safe. Block ids alone live
 * here, the bytes belong to the plan.
 *
 * <p>A full block may be <em>published</em>: it is then found by its content (its ids and, through
 * its parent, all ids before it), shared by reference count, and, when nobody holds it any more,
 * kept until it is the least recently used one and its place is needed.
 */
public final class BlockPool {
  /** The parent of a sequence's first block. */
  public static final long ROOT = 0;

  /**
   * What a published block holds. The parent is the unique number of the block before it, so equal
   * keys mean equal ids from the start of the sequence; a hash alone decides nothing.
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

  private static final class Block {
    final int id;
    int holders;
    long number; // unique per published content; 0 while not published
    Content content;

    Block(int id) {
      this.id = id;
    }
  }

  private final Block[] blocks;
  private final int[] free;
  private int freeCount;
  private final Map<Content, Block> published = new HashMap<>();
  private final LinkedHashSet<Block> idle =
      new LinkedHashSet<>(); // published, no holder; oldest first
  private long lastNumber = ROOT;

  public BlockPool(int size) {
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
  public OptionalInt allocate() {
    if (freeCount == 0 && !evictOldest()) {
      return OptionalInt.empty();
    }
    Block block = blocks[free[--freeCount]];
    block.holders = 1;
    return OptionalInt.of(block.id);
  }

  /** Blocks that {@link #allocate} can still give. */
  public int available() {
    return freeCount + idle.size();
  }

  /** Gives up one hold. A published block stays findable, an unpublished one is free at once. */
  public void release(int id) {
    Block block = blocks[id];
    assert block.holders > 0 : "block " + id + " released twice";
    if (--block.holders == 0) {
      if (block.content == null) {
        free[freeCount++] = id;
      } else {
        idle.add(block);
      }
    }
  }

  /**
   * Makes a full block findable. If the same content is published already, that block stays the
   * findable one.
   *
   * @param parent {@link #ROOT} or what this returned for the block before
   * @param tokens the ids in the block; not changed by anyone afterwards
   * @return the number to pass as parent of the next block
   */
  public long publish(int id, long parent, int[] tokens) {
    Block block = blocks[id];
    assert block.content == null : "block " + id + " published twice";
    var content = new Content(parent, tokens);
    Block existing = published.putIfAbsent(content, block);
    if (existing != null) {
      return existing.number;
    }
    block.content = content;
    block.number = ++lastNumber;
    return block.number;
  }

  /** A found block. */
  public record Match(int id, long number) {}

  /** Finds and holds the block with this content. */
  public Optional<Match> acquire(long parent, int[] tokens) {
    Block block = published.get(new Content(parent, tokens));
    if (block == null) {
      return Optional.empty();
    }
    if (block.holders++ == 0) {
      idle.remove(block);
    }
    return Optional.of(new Match(block.id, block.number));
  }

  /** Forgets every published content, as when the plan's memory was lost. */
  public void forgetContents() {
    while (evictOldest()) {
      // each turn frees one
    }
    for (Block block : blocks) {
      unpublish(block);
    }
  }

  private boolean evictOldest() {
    if (idle.isEmpty()) {
      return false;
    }
    Block oldest = idle.removeFirst();
    unpublish(oldest);
    free[freeCount++] = oldest.id;
    return true;
  }

  private void unpublish(Block block) {
    if (block.content != null) {
      published.remove(block.content);
      block.content = null;
      block.number = 0;
    }
  }

  public int size() {
    return blocks.length;
  }

  /** Blocks held by sequences. */
  public int used() {
    return blocks.length - available();
  }

  /** Blocks that only the prefix cache keeps. */
  public int cached() {
    return idle.size();
  }
}
