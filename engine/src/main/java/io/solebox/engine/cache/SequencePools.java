package io.solebox.engine.cache;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.ToIntFunction;

/**
 * What the sequences of one plan share: a pool of KV blocks for each group of keeps, the places for
 * recurrent state, and the prefixes that are known. Owned by one engine loop; not thread-safe.
 */
public final class SequencePools {
  private final List<KeepGroup> groups;
  private final boolean keepsPrefixes;
  private final boolean needsSlot;
  private final int stepTokens;
  private final PrefixTree tree = new PrefixTree();
  private final List<BlockPool> pools = new ArrayList<>();
  private final Deque<Integer> freeSlots = new ArrayDeque<>();

  /**
   * @param blocks per group the blocks of its pool
   * @param slots places for recurrent state
   * @param stepTokens the most tokens that a sequence has in a step
   */
  public SequencePools(Graph graph, List<Integer> blocks, int slots, int stepTokens) {
    this.groups = graph.groups();
    this.needsSlot = graph.hasSlots();
    // Recurrent state is not cached; and what sees ahead depends on what comes after.
    this.keepsPrefixes = !graph.hasSlots() && !graph.seesAhead() && !groups.isEmpty();
    this.stepTokens = stepTokens;
    for (KeepGroup group : groups) {
      pools.add(new BlockPool(blocks.get(group.index()), tree));
    }
    for (int slot = 0; slot < slots; slot++) {
      freeSlots.add(slot);
    }
  }

  /** The memory of a new sequence, empty yet. */
  public SequenceMemory newSequence() {
    return newSequence(0);
  }

  /**
   * @param variant of the model that computes it
   */
  public SequenceMemory newSequence(int variant) {
    return new SequenceMemory(this, variant);
  }

  List<KeepGroup> groups() {
    return groups;
  }

  BlockPool pool(KeepGroup group) {
    return pools.get(group.index());
  }

  PrefixTree tree() {
    return tree;
  }

  boolean keepsPrefixes() {
    return keepsPrefixes;
  }

  boolean needsSlot() {
    return needsSlot;
  }

  int stepTokens() {
    return stepTokens;
  }

  OptionalInt takeSlot() {
    return freeSlots.isEmpty() ? OptionalInt.empty() : OptionalInt.of(freeSlots.pop());
  }

  void giveSlot(int slot) {
    freeSlots.push(slot);
  }

  /** Forgets every prefix, as when the plan's memory was lost. */
  public void forgetContents() {
    pools.forEach(BlockPool::forgetContents);
  }

  /** Blocks of all pools. */
  public int size() {
    return sum(BlockPool::size);
  }

  /** Blocks held by sequences. */
  public int used() {
    return sum(BlockPool::used);
  }

  /** Blocks that only the prefix cache keeps. */
  public int cached() {
    return sum(BlockPool::cached);
  }

  private int sum(ToIntFunction<BlockPool> count) {
    return pools.stream().mapToInt(count).sum();
  }
}
