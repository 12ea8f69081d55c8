package io.solebox.engine.cache;

import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.spill.SpillKey;
import io.solebox.engine.spill.SpillStore;
import io.solebox.engine.spill.SpillStore.Outcome;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a sequence goes on from and is on its way from a {@link SpillStore} into places that the
 * sequence has. As much comes in a step as the store allows.
 */
final class Restoration {
  /**
   * A block or a snapshot.
   *
   * @param place known when the sequence has all that it needs
   * @param arrived hears that it is there
   */
  record Part(SpillKey key, Supplier<KeptPlace> place, Runnable arrived) {}

  /** Parts that may be on their way at once. */
  private static final int AHEAD = 8;

  private final SpillStore store;
  private final List<Part> parts;
  private int next;
  private int expected; // exclusive; what lies before it and is not there yet is on its way

  /**
   * @param parts that the store has, in the order in which they come
   */
  Restoration(SpillStore store, List<Part> parts) {
    this.store = store;
    this.parts = List.copyOf(parts);
    this.parts.forEach(part -> store.hold(part.key()));
  }

  /** Brings what this step allows; done with the last of it. */
  Outcome advance() {
    while (next < parts.size()) {
      expect();
      Part part = parts.get(next);
      Outcome outcome = store.restore(part.key(), part.place().get());
      if (outcome != Outcome.DONE) {
        return outcome;
      }
      part.arrived().run();
      dropNext();
    }
    store.used(parts.stream().map(Part::key).toList());
    return Outcome.DONE;
  }

  private void expect() {
    if (next < expected && !store.isAtHand(parts.get(next).key())) {
      parts.subList(next, expected).forEach(part -> store.forgo(part.key()));
      expected = next; // from the first on again
    }
    expected = Math.max(expected, next);
    int end = Math.min(parts.size(), next + AHEAD);
    while (expected < end && expects(parts.get(expected))) {
      expected++;
    }
  }

  private boolean expects(Part part) {
    return store.expect(part.key(), part.place().get());
  }

  private void dropNext() {
    SpillKey key = parts.get(next).key();
    if (next < expected) {
      store.forgo(key);
    }
    store.drop(key);
    next++;
  }

  /** Nobody waits for the rest any more. */
  void release() {
    while (next < parts.size()) {
      dropNext();
    }
  }
}
