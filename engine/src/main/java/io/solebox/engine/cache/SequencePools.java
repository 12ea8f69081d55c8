package io.solebox.engine.cache;

import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.generation.SpillStats;
import io.solebox.engine.graph.Graph;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.spill.SpillKey;
import io.solebox.engine.spill.SpillStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.ToIntFunction;

/**
 * What the sequences of one plan share: a pool of KV blocks for each group of keeps, the places for
 * recurrent state, and the prefixes that are known. Owned by one engine loop; not thread-safe.
 */
public final class SequencePools {
  private final List<KeepGroup> groups;
  private final boolean keepsPrefixes;
  private final int stepTokens;
  private final SpillStore store;
  private final PrefixTree tree;
  private final List<BlockPool> pools = new ArrayList<>();
  private final Optional<StatePool> states; // where sequences have recurrent state

  /**
   * @param blocks per group the blocks of its pool
   * @param slots places for recurrent state; mean nothing where the graph has none
   * @param stepTokens the most tokens that a sequence has in a step
   */
  public SequencePools(Graph graph, List<Integer> blocks, StateSlots slots, int stepTokens) {
    this(graph, blocks, slots, stepTokens, SpillStore.off());
  }

  /**
   * The same.
   *
   * @param store where what leaves a pool goes, and may come back from
   */
  public SequencePools(
      Graph graph, List<Integer> blocks, StateSlots slots, int stepTokens, SpillStore store) {
    this.groups = graph.groups();
    this.store = store;
    this.tree = new PrefixTree(store::root);
    this.keepsPrefixes = keepsPrefixes(graph);
    this.stepTokens = stepTokens;
    this.states =
        graph.hasSlots() ? Optional.of(new StatePool(slots, tree, this::leaves)) : Optional.empty();
    for (KeepGroup group : groups) {
      int kind = group.index();
      pools.add(
          new BlockPool(
              blocks.get(kind),
              tree,
              (content, block) ->
                  store.leaves(
                      new SpillKey(content.hash(), kind),
                      new KeptPlace.Block(kind, block),
                      KvBlocks.TOKENS)));
    }
  }

  /** Whether one sequence can go on from what another began with. */
  public static boolean keepsPrefixes(Graph graph) {
    // What sees ahead depends on what comes after.
    return !graph.seesAhead() && !graph.keeps().isEmpty();
  }

  /** A snapshot, without which a sequence may have to begin from the start. */
  private void leaves(PrefixTree.Node content, int slot) {
    store.leavesAtOnce(
        new SpillKey(content.hash(), groups.size()),
        new KeptPlace.Slot(slot),
        content.blocks() * KvBlocks.TOKENS);
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

  SpillStore store() {
    return store;
  }

  int stepTokens() {
    return stepTokens;
  }

  /** Forgets every prefix that lies in the plan, as when its memory was overwritten. */
  public void forgetContents() {
    pools.forEach(BlockPool::forgetContents);
    states.ifPresent(StatePool::forgetContents);
    store.forgetLeaving();
  }

  /** Forgets every prefix, as when nobody knows what is true of them. */
  public void forgetEverything() {
    forgetContents();
    store.forgetContents();
  }

  /** A step is about to be put together. */
  public void beginStep() {
    store.beginStep();
  }

  /** A step of so many tokens took so long. */
  public void ran(int tokens, long nanos) {
    store.costs().computed(tokens, nanos);
  }

  /** Whether something that a sequence goes on from is on its way. */
  public boolean isBusy() {
    return store.isBusy();
  }

  /** How long nothing is to be computed before they are saved; empty where nothing is saved. */
  public Optional<Duration> saveAfter() {
    return store.saveAfter();
  }

  /**
   * Writes prefixes where they outlive the process, if there is such a place; those that were used
   * last first.
   *
   * @param goesOn asked before each part
   */
  public void save(BooleanSupplier goesOn) {
    store.save(
        places(), saving -> new PrefixSaver(groups, states.isPresent(), saving).save(goesOn));
  }

  /** Where everything lies that somebody may go on from. */
  private Map<SpillKey, KeptPlace> places() {
    var places = new LinkedHashMap<SpillKey, KeptPlace>();
    states.ifPresent(
        pool ->
            pool.eachSnapshot(
                (content, slot) ->
                    places.put(
                        new SpillKey(content.hash(), groups.size()), new KeptPlace.Slot(slot))));
    for (KeepGroup group : groups) {
      int kind = group.index();
      pool(group)
          .eachPublished(
              (content, id) ->
                  places.put(new SpillKey(content.hash(), kind), new KeptPlace.Block(kind, id)));
    }
    return places;
  }

  /** What became of that which left its pool. */
  public SpillStats spill() {
    return store.stats();
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
