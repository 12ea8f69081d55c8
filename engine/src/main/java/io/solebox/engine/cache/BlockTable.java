package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The KV blocks of one sequence, in order of position. Blocks that its tokens fill are published to
 * the pool's prefix cache as it grows. Owned by one engine loop.
 */
public final class BlockTable {
  private final BlockPool pool;
  private int[] blocks = new int[4];
  private int count;
  private int publishedCount;
  private long lastNumber = BlockPool.ROOT;

  public BlockTable(BlockPool pool) {
    this.pool = pool;
  }

  /**
   * Takes from the prefix cache what matches the beginning of {@code ids}; the table must be empty.
   *
   * @param length ids that may be matched; at least one id must be left to compute, or there is no
   *     row to sample from
   * @return number of positions found, a multiple of {@link KvBlocks#TOKENS}
   */
  public int matchPrefix(int[] ids, int length) {
    int from = 0;
    while (from + KvBlocks.TOKENS <= length) {
      int[] tokens = Arrays.copyOfRange(ids, from, from + KvBlocks.TOKENS);
      Optional<BlockPool.Match> match = pool.acquire(lastNumber, tokens);
      if (match.isEmpty()) {
        break;
      }
      append(match.get().id());
      lastNumber = match.get().number();
      publishedCount = count;
      from += KvBlocks.TOKENS;
    }
    return from;
  }

  /**
   * Grows to hold {@code tokens} positions; false, and as far as it got, when the pool is empty.
   */
  public boolean grow(int tokens) {
    int needed = KvBlocks.forTokens(tokens);
    while (count < needed) {
      OptionalInt block = pool.allocate();
      if (block.isEmpty()) {
        return false;
      }
      append(block.getAsInt());
    }
    return true;
  }

  /** Publishes the blocks that the first {@code computed} of {@code ids} fill by now. */
  public void publish(int[] ids, int computed) {
    while ((publishedCount + 1) * KvBlocks.TOKENS <= computed) {
      int from = publishedCount * KvBlocks.TOKENS;
      int[] tokens = Arrays.copyOfRange(ids, from, from + KvBlocks.TOKENS);
      lastNumber = pool.publish(blocks[publishedCount], lastNumber, tokens);
      publishedCount++;
    }
  }

  /** Gives all blocks back, the last first, so that the beginning of a prefix lives longest. */
  public void release() {
    while (count > 0) {
      pool.release(blocks[--count]);
    }
    publishedCount = 0;
    lastNumber = BlockPool.ROOT;
  }

  /** Block ids; only the first {@link #size()} count. */
  public int[] blocks() {
    return blocks;
  }

  public int size() {
    return count;
  }

  private void append(int block) {
    if (count == blocks.length) {
      blocks = Arrays.copyOf(blocks, 2 * count);
    }
    blocks[count++] = block;
  }
}
