package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.KeepGroup;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The KV blocks that one sequence holds in the pool of one group: those of its positions from the
 * first that is still needed to the last. Owned by one engine loop.
 */
final class BlockTable {
  private final KeepGroup group;
  private final BlockPool pool;
  private int[] blocks = new int[4];
  private int first; // of the blocks that are held
  private int end; // exclusive

  BlockTable(KeepGroup group, BlockPool pool) {
    this.group = group;
    this.pool = pool;
  }

  /** Whether it gives blocks back as the sequence goes on. */
  boolean slides() {
    return group.window().isPresent();
  }

  /** The index of the first block that the token after {@code computed} others needs. */
  private int firstNeeded(int computed) {
    return group.firstNeeded(computed) / KvBlocks.TOKENS;
  }

  /** Begins, empty, behind {@code computed} positions that are known. */
  void begin(int computed) {
    first = firstNeeded(computed);
    end = first;
  }

  /**
   * Whether the pool can continue {@code path}, the prefixes of whole blocks, after all of them.
   */
  boolean canContinue(PrefixTree.Node[] path, int length) {
    for (int i = length - 1; i >= firstNeeded(length * KvBlocks.TOKENS); i--) {
      if (!pool.has(path[i])) {
        return false;
      }
    }
    return true;
  }

  /** Takes from the pool what is needed of a path that {@link #canContinue} allows. */
  void take(PrefixTree.Node[] path, int length) {
    begin(length * KvBlocks.TOKENS);
    for (int i = first; i < length; i++) {
      append(pool.acquire(path[i]));
    }
  }

  /**
   * Grows to hold {@code tokens} positions; false, and as far as it got, when the pool is empty.
   */
  boolean grow(int tokens) {
    int needed = KvBlocks.forTokens(tokens);
    while (end < needed) {
      OptionalInt block = pool.allocate();
      if (block.isEmpty()) {
        return false;
      }
      append(block.getAsInt());
    }
    return true;
  }

  /** Gives back what lies behind {@code tokens} positions, which nobody has published. */
  void shrink(int tokens) {
    for (int needed = Math.max(first, KvBlocks.forTokens(tokens)); end > needed; ) {
      pool.release(blocks[--end]);
    }
  }

  private void append(int block) {
    if (end >= blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * end + 1);
    }
    blocks[end++] = block;
  }

  void publish(int index, PrefixTree.Node content) {
    pool.publish(blocks[index], content);
  }

  /** Gives back what no token after {@code computed} others sees. */
  void slide(int computed) {
    for (int needed = Math.min(end, firstNeeded(computed)); first < needed; first++) {
      pool.release(blocks[first]);
    }
  }

  /** Gives all blocks back, the last first, so that the beginning of a prefix lives longest. */
  void release() {
    while (end > first) {
      pool.release(blocks[--end]);
    }
    begin(0);
  }

  /** Block ids by index; those before the first that is needed mean nothing. */
  int[] blocks() {
    return blocks;
  }

  /** Blocks held. */
  int held() {
    return end - first;
  }
}
