package io.solebox.engine.cache;

import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.spill.SpillKey;
import io.solebox.engine.spill.SpillStore;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

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

  /** The number of its group, as the kind of its blocks. */
  int kind() {
    return group.index();
  }

  /** Whether the pool has the block of this index, if it is of a prefix that is known. */
  boolean has(PrefixTree.Node[] path, int index) {
    return index < path.length && pool.has(path[index]);
  }

  /** The index of the first block that a sequence needs to go on after so many. */
  int firstNeededAfter(int blocks) {
    return firstNeeded(blocks * KvBlocks.TOKENS);
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
   * Takes what is needed of a path: what the pool has, and blocks for the rest.
   *
   * @param missing gets what must come into these
   * @return false, and as far as it got, when the pool is empty
   */
  boolean take(PrefixTree.Node[] path, int length, List<Restoration.Part> missing) {
    begin(length * KvBlocks.TOKENS);
    // All that is there is held before anything leaves for a new block.
    int[] held =
        IntStream.range(first, length)
            .filter(i -> has(path, i))
            .map(i -> pool.acquire(path[i]))
            .toArray();
    boolean ok = true;
    for (int i = first; ok && i < length; i++) {
      if (has(path, i)) {
        append(pool.acquire(path[i]));
      } else {
        ok = appendEmpty(path[i], missing);
      }
    }
    Arrays.stream(held).forEach(pool::release);
    return ok;
  }

  private boolean appendEmpty(PrefixTree.Node content, List<Restoration.Part> missing) {
    OptionalInt block = pool.allocate();
    if (block.isEmpty()) {
      return false;
    }
    int id = block.getAsInt();
    append(id);
    missing.add(
        new Restoration.Part(
            new SpillKey(content.hash(), kind()),
            () -> new KeptPlace.Block(kind(), id),
            () -> pool.publish(id, content)));
    return true;
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

  /** Positions are about to be written: what lay in the place of them leaves now. */
  void overwrites(int from, int to, SpillStore store) {
    for (int i = from / KvBlocks.TOKENS; i < KvBlocks.forTokens(to); i++) {
      store.overwrites(new KeptPlace.Block(kind(), blocks[i]));
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
