package io.solebox.engine.cache;

import io.solebox.engine.backend.Batch;
import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.spill.SpillKey;
import io.solebox.engine.spill.SpillStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Everything that one sequence keeps: for each group of keeps its blocks in order of position, and
 * its recurrent state. Blocks that its tokens fill are published to the prefix cache as it grows,
 * and snapshots of its state where they are worth it; blocks that slid out of a window go back to
 * their pool. Owned by one engine loop.
 */
public final class SequenceMemory {
  private final SequencePools pools;
  private final int variant;
  private final List<BlockTable> tables = new ArrayList<>();
  private PrefixTree.Node prefix; // of all published blocks
  private int published;
  private int computed; // positions that this holds
  private final Optional<SequenceState> state;
  private final StoredPrefix stored;
  private Optional<Restoration> restoration = Optional.empty();

  SequenceMemory(SequencePools pools, int variant) {
    this.pools = pools;
    this.variant = variant;
    for (KeepGroup group : pools.groups()) {
      tables.add(new BlockTable(group, pools.pool(group)));
    }
    this.state = pools.states().map(SequenceState::new);
    this.prefix = pools.tree().root(variant);
    pools.tree().hold(prefix);
    this.stored = new StoredPrefix(pools.store(), tables, state, prefix);
  }

  /**
   * Takes from the prefix cache what matches the beginning of {@code ids}; this must be empty. What
   * of it lies elsewhere comes with {@link #restore}.
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
    int found = found(path);
    int longest = stored.longest(ids, length, path, found);
    if (longest > found && takeStored(ids, path, longest)) {
      return longest * KvBlocks.TOKENS;
    }
    int known = path.length * KvBlocks.TOKENS;
    Optional<PrefixTree.Node> end = found > 0 ? Optional.of(path[found - 1]) : Optional.empty();
    state.ifPresent(s -> s.match(end, known));
    if (found > 0) {
      for (BlockTable table : tables) {
        table.take(path, found);
      }
      move(path[found - 1]);
      published = found;
    }
    return found * KvBlocks.TOKENS;
  }

  /** The same where some of it must be brought back; false, and nothing, where there is no room. */
  private boolean takeStored(int[] ids, PrefixTree.Node[] path, int length) {
    List<SpillKey> missing = stored.missing(ids, path, length).orElseThrow();
    missing.forEach(pools.store()::hold); // what leaves a pool now shall not take their room
    PrefixTree.Node[] nodes = entered(ids, path, length);
    PrefixTree.Node end = nodes[length - 1];
    var parts = new ArrayList<Restoration.Part>();
    boolean ok = tables.stream().allMatch(table -> table.take(nodes, length, parts));
    if (ok) {
      int known = Math.max(path.length, length) * KvBlocks.TOKENS;
      state.ifPresent(s -> s.match(end, known, tables.size()).ifPresent(parts::add));
      restoration = Optional.of(new Restoration(pools.store(), parts));
      move(end);
      published = length;
    } else {
      tables.forEach(BlockTable::release);
    }
    Arrays.stream(nodes).forEach(pools.tree()::drop);
    missing.forEach(pools.store()::drop);
    return ok;
  }

  /** The prefixes of so many blocks, a block longer each, known before or not; held. */
  private PrefixTree.Node[] entered(int[] ids, PrefixTree.Node[] path, int length) {
    var nodes = Arrays.copyOf(path, length);
    for (int i = 0; i < length; i++) {
      if (i < path.length) {
        pools.tree().hold(path[i]);
      } else {
        PrefixTree.Node before = i == 0 ? pools.tree().root(variant) : nodes[i - 1];
        nodes[i] = pools.tree().enter(before, block(ids, i));
      }
    }
    return nodes;
  }

  /** What {@link #matchPrefix} would find, of which nothing is taken. */
  public int knownPrefix(int[] ids, int length) {
    if (!pools.keepsPrefixes()) {
      return 0;
    }
    PrefixTree.Node[] path = path(ids, length);
    return stored.longest(ids, length, path, found(path)) * KvBlocks.TOKENS;
  }

  /**
   * Brings back what {@link #matchPrefix} found and lay elsewhere, as much as this step allows.
   * Nothing can be computed before all is there.
   */
  public SpillStore.Outcome restore() {
    SpillStore.Outcome outcome =
        restoration.map(Restoration::advance).orElse(SpillStore.Outcome.DONE);
    if (outcome == SpillStore.Outcome.DONE) {
      restoration = Optional.empty();
    }
    return outcome;
  }

  /** Blocks of a path up to where a sequence can go on. */
  private int found(PrefixTree.Node[] path) {
    int found = path.length;
    while (found > 0 && !canContinue(path, found)) {
      found--;
    }
    return found;
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
    return state.stream().allMatch(s -> s.canContinue(path[length - 1]))
        && tables.stream().allMatch(table -> table.canContinue(path, length));
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
   * Takes what a sequence of {@code length} needs that begins after {@code done} positions: all its
   * blocks, but of windows only what a step can fill.
   *
   * @return false, and as far as it got, when something is used up
   */
  public boolean reserve(int done, int length) {
    int step = (int) Math.min(length, (long) done + pools.stepTokens());
    for (BlockTable table : tables) {
      if (!table.grow(table.slides() ? step : length)) {
        return false;
      }
    }
    // Last, when nothing else can be missing: it may cost a copy.
    boolean ok = state.stream().allMatch(s -> s.reserve(done, length));
    computed = ok ? done : 0;
    return ok;
  }

  /** Grows to hold {@code tokens} positions; false, and as far as it got, when a pool is empty. */
  public boolean grow(int tokens) {
    boolean ok = state.stream().allMatch(SequenceState::hasSlot);
    for (BlockTable table : tables) {
      ok = ok && table.grow(tokens);
    }
    return ok;
  }

  /**
   * How many of the next {@code n} tokens a step should compute, so that what it leaves can be
   * found by others. Chunk borders never change a result on the CPU.
   *
   * @param length of the sequence so far
   */
  public int cut(int n, int length) {
    return pools.keepsPrefixes() ? state.map(s -> s.cut(computed, n, length)).orElse(n) : n;
  }

  /**
   * Gives back what it grew by for positions from {@code tokens} on, which turned out to be wrong.
   * Not for recurrent state, which has them in it already.
   */
  public void shrink(int tokens) {
    tables.forEach(table -> table.shrink(tokens));
  }

  /** The positions {@code from} to {@code to}, exclusive, are about to be computed. */
  public void overwrites(int from, int to) {
    tables.forEach(table -> table.overwrites(from, to, pools.store()));
  }

  /**
   * Whether more of it may be computed before it is known that what comes before is: a state can be
   * copied only where it stands.
   */
  public boolean mayRunAhead() {
    return state.isEmpty();
  }

  /** The first {@code now} of {@code ids} are in this memory now. */
  public void advance(int[] ids, int now) {
    computed = now;
    while (pools.keepsPrefixes() && (published + 1) * KvBlocks.TOKENS <= computed) {
      PrefixTree.Node next = pools.tree().enter(prefix, block(ids, published));
      for (BlockTable table : tables) {
        table.publish(published, next);
      }
      move(next);
      pools.tree().drop(next); // entered, and held since by the move
      published++;
    }
    if (isWhole()) {
      state.ifPresent(s -> s.stands(prefix, computed));
    }
    tables.forEach(table -> table.slide(computed));
  }

  /** Whether it ends where its published prefix does. */
  private boolean isWhole() {
    return published > 0 && published * KvBlocks.TOKENS == computed;
  }

  /** The sequence has other ids from now on; this must be empty. */
  public void forgetIds() {
    stored.forgetIds();
  }

  /** Gives everything back; what others may find again is left for them. */
  public void release() {
    restoration.ifPresent(Restoration::release);
    boolean isThere = restoration.isEmpty();
    restoration = Optional.empty();
    tables.forEach(BlockTable::release);
    state.ifPresent(s -> s.release(isThere && isWhole() ? Optional.of(prefix) : Optional.empty()));
    move(pools.tree().root(variant));
    published = 0;
    computed = 0;
  }

  /** Where it is, for a step; valid until this gives back what the step needs. */
  public Batch.Sequence view() {
    var blocksOfGroup = new int[tables.size()][];
    for (int g = 0; g < blocksOfGroup.length; g++) {
      blocksOfGroup[g] = tables.get(g).blocks();
    }
    return new Batch.Sequence(blocksOfGroup, state.map(SequenceState::slot).orElse(0), variant);
  }

  /**
   * Whether a sequence of {@code length} that begins anew would have room, if so many blocks came
   * back. Of several groups it counts all blocks alike, so {@link #reserve} has the last word.
   */
  public boolean fits(int length, int freed) {
    int step = Math.min(length, pools.stepTokens());
    long needed = 0;
    for (BlockTable table : tables) {
      needed += KvBlocks.forTokens(table.slides() ? step : length);
    }
    return needed <= (long) pools.size() - pools.used() + freed;
  }

  /** Blocks that it holds, of all groups. */
  public int blocks() {
    return tables.stream().mapToInt(BlockTable::held).sum();
  }
}
