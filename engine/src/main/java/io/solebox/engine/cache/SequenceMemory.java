package io.solebox.engine.cache;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.KeepGroup;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Everything that one sequence keeps: for each group of keeps its blocks in order of position, and
 * a place for recurrent state. Blocks that its tokens fill are published to the prefix cache as it
 * grows; blocks that slid out of a window go back to their pool. Owned by one engine loop.
 */
public final class SequenceMemory {
  private final SequencePools pools;
  private final int variant;
  private final List<BlockTable> tables = new ArrayList<>();
  private final int[][] blocksOfGroup;
  private PrefixTree.Node prefix; // of all published blocks
  private int published;
  private OptionalInt slot = OptionalInt.empty();

  SequenceMemory(SequencePools pools, int variant) {
    this.pools = pools;
    this.variant = variant;
    for (KeepGroup group : pools.groups()) {
      tables.add(new BlockTable(group, pools.pool(group)));
    }
    this.blocksOfGroup = new int[tables.size()][];
    this.prefix = pools.tree().root(variant);
    pools.tree().hold(prefix);
  }

  /**
   * Takes from the prefix cache what matches the beginning of {@code ids}; this must be empty.
   *
   * @param length ids that may be matched; at least one id must be left to compute, or there is no
   *     row to sample from
   * @return number of positions found, a multiple of {@link KvBlocks#TOKENS}
   */
  public int matchPrefix(int[] ids, int length) {
    if (!pools.keepsPrefixes()) {
      return 0;
    }
    PrefixTree.Node[] path = path(ids, length);
    int found = path.length;
    while (found > 0 && !canContinue(path, found)) {
      found--;
    }
    if (found > 0) {
      for (BlockTable table : tables) {
        table.take(path, found);
      }
      move(path[found - 1]);
      published = found;
    }
    return found * KvBlocks.TOKENS;
  }

  /** The longest known prefixes of {@code ids}, a block longer each. */
  private PrefixTree.Node[] path(int[] ids, int length) {
    var path = new ArrayList<PrefixTree.Node>();
    PrefixTree.Node at = pools.tree().root(variant);
    while ((path.size() + 1) * KvBlocks.TOKENS <= length) {
      Optional<PrefixTree.Node> next = pools.tree().find(at, block(ids, path.size()));
      if (next.isEmpty()) {
        break;
      }
      at = next.get();
      path.add(at);
    }
    return path.toArray(PrefixTree.Node[]::new);
  }

  private boolean canContinue(PrefixTree.Node[] path, int length) {
    return tables.stream().allMatch(table -> table.canContinue(path, length));
  }

  private static int[] block(int[] ids, int index) {
    return Arrays.copyOfRange(ids, index * KvBlocks.TOKENS, (index + 1) * KvBlocks.TOKENS);
  }

  private void move(PrefixTree.Node to) {
    pools.tree().hold(to);
    pools.tree().drop(prefix);
    prefix = to;
  }

  /**
   * Takes what a sequence of {@code length} needs that begins after {@code computed} positions: all
   * its blocks, but of windows only what a step can fill.
   *
   * @return false, and as far as it got, when something is used up
   */
  public boolean reserve(int computed, int length) {
    int step = (int) Math.min(length, (long) computed + pools.stepTokens());
    boolean ok = hasSlot();
    for (BlockTable table : tables) {
      ok = ok && table.grow(table.slides() ? step : length);
    }
    return ok;
  }

  private boolean hasSlot() {
    if (pools.needsSlot() && slot.isEmpty()) {
      slot = pools.takeSlot();
    }
    return !pools.needsSlot() || slot.isPresent();
  }

  /** Grows to hold {@code tokens} positions; false, and as far as it got, when a pool is empty. */
  public boolean grow(int tokens) {
    boolean ok = hasSlot();
    for (BlockTable table : tables) {
      ok = ok && table.grow(tokens);
    }
    return ok;
  }

  /**
   * Gives back what it grew by for positions from {@code tokens} on, which turned out to be wrong.
   * Not for recurrent state, which has them in it already.
   */
  public void shrink(int tokens) {
    tables.forEach(table -> table.shrink(tokens));
  }

  /** The first {@code computed} of {@code ids} are in this memory now. */
  public void advance(int[] ids, int computed) {
    while (pools.keepsPrefixes() && (published + 1) * KvBlocks.TOKENS <= computed) {
      PrefixTree.Node next = pools.tree().enter(prefix, block(ids, published));
      for (BlockTable table : tables) {
        table.publish(published, next);
      }
      move(next);
      pools.tree().drop(next); // entered, and held since by the move
      published++;
    }
    tables.forEach(table -> table.slide(computed));
  }

  /** Gives everything back. */
  public void release() {
    tables.forEach(BlockTable::release);
    slot.ifPresent(pools::giveSlot);
    slot = OptionalInt.empty();
    move(pools.tree().root(variant));
    published = 0;
  }

  /** Where it is, for a step; valid until this changes. */
  public Batch.Sequence view() {
    for (int g = 0; g < blocksOfGroup.length; g++) {
      blocksOfGroup[g] = tables.get(g).blocks();
    }
    return new Batch.Sequence(blocksOfGroup, slot.orElse(0), variant);
  }

  /** Blocks that it holds, of all groups. */
  public int blocks() {
    return tables.stream().mapToInt(BlockTable::held).sum();
  }
}
