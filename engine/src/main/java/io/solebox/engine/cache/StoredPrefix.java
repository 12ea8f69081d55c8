package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.spill.PrefixHash;
import io.solebox.engine.spill.SpillKey;
import io.solebox.engine.spill.SpillStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What one sequence begins with and can have back from a {@link SpillStore}, where the pools do not
 * have it any more. It remembers what stands for its ids, which others must not take their place
 * before {@link #forgetIds}. Owned by one engine loop.
 */
final class StoredPrefix {
  private final SpillStore store;
  private final List<BlockTable> tables;
  private final Optional<SequenceState> state;
  private final PrefixHash root;
  private final List<PrefixHash> hashes = new ArrayList<>(); // of its ids, as far as asked for

  StoredPrefix(
      SpillStore store,
      List<BlockTable> tables,
      Optional<SequenceState> state,
      PrefixTree.Node root) {
    this.store = store;
    this.tables = tables;
    this.state = state;
    this.root = root.hash();
  }

  /**
   * Blocks that it can go on after, more than {@code found}, if it is cheaper to bring them back
   * than to compute them; else {@code found}.
   *
   * @param length ids that may be matched
   * @param path prefixes of them that are known, a block longer each
   * @param found blocks that the pools have
   */
  int longest(int[] ids, int length, PrefixTree.Node[] path, int found) {
    if (store.isEmpty()) {
      return found;
    }
    for (int blocks = most(ids, length, path); blocks > found; blocks--) {
      Optional<List<SpillKey>> missing = missing(ids, path, blocks);
      if (missing.isPresent()) {
        int tokens = (blocks - found) * KvBlocks.TOKENS;
        return store.isCheaper(missing.get(), tokens) ? blocks : found;
      }
    }
    return found;
  }

  /** No sequence goes on after more: of what sees everything, all blocks before are needed. */
  private int most(int[] ids, int length, PrefixTree.Node[] path) {
    int most = length / KvBlocks.TOKENS;
    for (BlockTable table : tables) {
      int run = 0;
      while (!table.slides() && run < most && isThere(table, ids, path, run)) {
        run++;
      }
      most = table.slides() ? most : run;
    }
    return most;
  }

  private boolean isThere(BlockTable table, int[] ids, PrefixTree.Node[] path, int index) {
    return table.has(path, index) || store.has(key(ids, index, table.kind()));
  }

  /** What the store must give to go on after so many blocks; empty where it does not have all. */
  Optional<List<SpillKey>> missing(int[] ids, PrefixTree.Node[] path, int blocks) {
    var keys = new ArrayList<SpillKey>();
    if (state.isPresent() && !hasSnapshot(path, blocks)) {
      SpillKey snapshot = key(ids, blocks - 1, tables.size());
      if (!store.has(snapshot)) {
        return Optional.empty();
      }
      keys.add(snapshot);
    }
    for (BlockTable table : tables) {
      for (int i = table.firstNeededAfter(blocks); i < blocks; i++) {
        if (!isThere(table, ids, path, i)) {
          return Optional.empty();
        }
        if (!table.has(path, i)) {
          keys.add(key(ids, i, table.kind()));
        }
      }
    }
    return Optional.of(keys);
  }

  private boolean hasSnapshot(PrefixTree.Node[] path, int blocks) {
    return blocks <= path.length && state.stream().allMatch(s -> s.canContinue(path[blocks - 1]));
  }

  /** From now on it is asked about other ids. */
  void forgetIds() {
    hashes.clear();
  }

  private SpillKey key(int[] ids, int index, int kind) {
    for (int i = hashes.size(); i <= index; i++) {
      PrefixHash before = i == 0 ? root : hashes.getLast();
      int from = i * KvBlocks.TOKENS;
      hashes.add(before.then(Arrays.copyOfRange(ids, from, from + KvBlocks.TOKENS)));
    }
    return new SpillKey(hashes.get(index), kind);
  }
}
