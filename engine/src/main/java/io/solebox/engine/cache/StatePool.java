package io.solebox.engine.cache;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The places for recurrent state of a plan: which are free, which are held by sequences, and which
 * hold a snapshot, a copy of a sequence's state where a prefix of whole blocks ends. Sequences take
 * precedence: for them the least recently used snapshot leaves. Owned by one engine loop; not
 * thread-safe. Numbers of places alone live here, the bytes belong to the plan.
 */
final class StatePool {
  private static final class Snapshot {
    final int slot;
    boolean found; // by a sequence that went on from it

    Snapshot(int slot) {
      this.slot = slot;
    }
  }

  private final PrefixTree tree;
  private final StateSlots slots;
  private final Departure departure;
  private final Deque<Integer> free = new ArrayDeque<>();
  private final Map<PrefixTree.Node, Snapshot> snapshots =
      new LinkedHashMap<>(); // least recently used first

  /**
   * @param departure hears of snapshots that leave for others
   */
  StatePool(StateSlots slots, PrefixTree tree, Departure departure) {
    this.slots = slots;
    this.tree = tree;
    this.departure = departure;
    for (int slot = 0; slot < slots.count(); slot++) {
      free.add(slot);
    }
  }

  /** Positions from one snapshot in the middle of a long prompt to the next. */
  int interval() {
    return slots.interval();
  }

  /** Whether there is a snapshot at the end of this prefix. */
  boolean has(PrefixTree.Node prefix) {
    return snapshots.containsKey(prefix);
  }

  /** A place for a sequence, which holds anything; empty when sequences have them all. */
  OptionalInt take() {
    if (free.isEmpty() && !snapshots.isEmpty()) {
      PrefixTree.Node oldest = snapshots.keySet().iterator().next();
      departure.leaves(oldest, snapshots.get(oldest).slot);
      drop(oldest);
    }
    return free.isEmpty() ? OptionalInt.empty() : OptionalInt.of(free.pop());
  }

  /**
   * A place for a sequence that goes on from a snapshot, for {@link #restore} to fill. The snapshot
   * is the last to leave for it: then the place is the snapshot's own, and holds its state.
   */
  OptionalInt takeFor(PrefixTree.Node prefix) {
    Snapshot snapshot = snapshots.remove(prefix);
    snapshot.found = true;
    snapshots.put(prefix, snapshot);
    return take();
  }

  /** Fills what {@link #takeFor} gave. */
  void restore(PrefixTree.Node prefix, int slot) {
    Snapshot snapshot = snapshots.get(prefix);
    if (snapshot != null) {
      slots.copier().copy(snapshot.slot, slot);
    }
  }

  /** A sequence needs its place no more. */
  void give(int slot) {
    free.push(slot);
  }

  /** A sequence leaves its place, whose state stands at the end of this prefix, as a snapshot. */
  void leave(int slot, PrefixTree.Node prefix) {
    if (has(prefix)) {
      give(slot);
    } else {
      put(prefix, slot);
    }
  }

  /**
   * Copies the state in a sequence's place, which stands at the end of this prefix, if there is a
   * place for the copy.
   */
  void snapshot(int slot, PrefixTree.Node prefix) {
    if (!has(prefix)) {
      OptionalInt copy = take();
      if (copy.isPresent()) {
        put(prefix, copy.getAsInt());
        slots.copier().copy(slot, copy.getAsInt());
      }
    }
  }

  /** A later snapshot of the same sequence makes this one useless, unless others use it. */
  void supersede(PrefixTree.Node prefix) {
    Snapshot snapshot = snapshots.get(prefix);
    if (snapshot != null && !snapshot.found) {
      drop(prefix);
    }
  }

  /** Tells of every snapshot, the most recently used first. */
  void eachSnapshot(Departure visitor) {
    List.copyOf(snapshots.keySet())
        .reversed()
        .forEach(prefix -> visitor.leaves(prefix, snapshots.get(prefix).slot));
  }

  /** Forgets every snapshot, as when the plan's memory was lost. */
  void forgetContents() {
    Iterator<Map.Entry<PrefixTree.Node, Snapshot>> all = snapshots.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<PrefixTree.Node, Snapshot> entry = all.next();
      all.remove();
      give(entry.getValue().slot);
      tree.drop(entry.getKey());
    }
  }

  private void put(PrefixTree.Node prefix, int slot) {
    snapshots.put(prefix, new Snapshot(slot));
    tree.hold(prefix);
  }

  private void drop(PrefixTree.Node prefix) {
    give(snapshots.remove(prefix).slot);
    tree.drop(prefix);
  }

  /** How many there are. */
  int snapshots() {
    return snapshots.size();
  }
}
