package io.solebox.engine.cache;

import io.solebox.engine.backend.KvBlocks;
import io.solebox.engine.graph.KeepGroup;
import io.solebox.engine.spill.PrefixHash;
import io.solebox.engine.spill.Saving;
import io.solebox.engine.spill.SpillKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/**
 * Says what of the prefixes that are known is written to where they outlive the process. Who goes
 * on from a snapshot needs the blocks before it too, and who has a snapshot to go on from has no
 * use for blocks without one: they are written together or not at all.
 */
final class PrefixSaver {
  private final List<KeepGroup> groups;
  private final boolean hasStates;
  private final Saving saving;

  /**
   * @param hasStates whether nobody goes on without a snapshot
   */
  PrefixSaver(List<KeepGroup> groups, boolean hasStates, Saving saving) {
    this.groups = groups;
    this.hasStates = hasStates;
    this.saving = saving;
  }

  /**
   * Writes what there is room for, what was used last first.
   *
   * @param goesOn asked before each part
   */
  void save(BooleanSupplier goesOn) {
    saving.all().stream()
        .takeWhile(_ -> goesOn.getAsBoolean())
        .filter(key -> !hasStates || isSnapshot(key))
        .forEach(key -> saving.save(hasStates ? together(key) : List.of(key), goesOn));
  }

  private boolean isSnapshot(SpillKey key) {
    return key.kind() == groups.size();
  }

  /** A snapshot behind the blocks that it is of no use without. */
  private List<SpillKey> together(SpillKey snapshot) {
    var keys = new ArrayList<SpillKey>();
    List<PrefixHash> path = snapshot.prefix().path();
    for (KeepGroup group : groups) {
      int first = group.firstNeeded(path.size() * KvBlocks.TOKENS) / KvBlocks.TOKENS;
      path.subList(first, path.size())
          .forEach(prefix -> keys.add(new SpillKey(prefix, group.index())));
    }
    keys.add(snapshot);
    return keys;
  }
}
