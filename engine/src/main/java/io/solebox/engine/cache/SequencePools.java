package io.solebox.engine.cache;

import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/**
 * What the sequences of one plan share: a pool of KV blocks for each group of keeps, the places for
 * recurrent state, and the prefixes that are known. Owned by one engine loop; not thread-safe.
 */
public final class SequencePools {
  private final List<KeepGroup> groups;
  private final boolean keepsPrefixes;
  private final int stepTokens;
  private final PrefixTree tree = new PrefixTree();
  private final List<BlockPool> pools = new ArrayList<>();
  private final Optional<StatePool> states; // where sequences have recurrent state

  /**
   * @param blocks per group the blocks of its pool
   * @param slots places for recurrent state; mean nothing where the graph has none
   * @param stepTokens the most tokens that a sequence has in a step
   */
  public SequencePools(Graph graph, List<Integer> blocks, StateSlots slots, int stepTokens) {
    this.groups = graph.groups();
    // What sees ahead depends on what comes after.
    this.keepsPrefixes = !graph.seesAhead() && !graph.keeps().isEmpty();
    this.stepTokens = stepTokens;
    this.states = graph.hasSlots() ? Optional.of(new StatePool(slots, tree)) : Optional.empty();
    for (KeepGroup group : groups) {
      pools.add(new BlockPool(blocks.get(group.index()), tree));
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

  Optional<StatePool> states() {
    return states;
  }

  int stepTokens() {
    return stepTokens;
  }

  /** Forgets every prefix, as when the plan's memory was lost. */
  public void forgetContents() {
    pools.forEach(BlockPool::forgetContents);
    states.ifPresent(StatePool::forgetContents);
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
