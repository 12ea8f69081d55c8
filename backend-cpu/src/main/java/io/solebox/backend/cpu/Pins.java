package io.solebox.backend.cpu;

import java.util.BitSet;
import java.util.Optional;

/**
 * Keeps each thread of a team on a processor of its own, if the team has one for every processor
 * that this process may use. Then the system never puts two of them on the same one, which it else
 * does at times when another process is busy there. Smaller teams are left to the system, which
 * knows better which processors are free; so are teams where pinning is not possible.
 *
 * <p>A helper stays pinned. The caller's thread belongs to somebody else, so it is pinned during a
 * walk only, and gets back what it had. A virtual thread may change its carrier meanwhile and is
 * left alone.
 */
final class Pins {
  private final Optional<Affinity> affinity;
  private final int[] processors;

  private Pins(Optional<Affinity> affinity, int[] processors) {
    this.affinity = affinity;
    this.processors = processors;
  }

  static Pins forTeam(int size) {
    Optional<Affinity> affinity = size > 1 ? Affinity.ofSystem() : Optional.empty();
    int[] processors = affinity.map(Affinity::allowed).orElse(new BitSet()).stream().toArray();
    return processors.length == size
        ? new Pins(affinity, processors)
        : new Pins(Optional.empty(), new int[0]);
  }

  boolean any() {
    return affinity.isPresent();
  }

  /**
   * Pins the calling thread.
   *
   * @return what it may use otherwise, for {@link #release}; empty if nothing was changed
   */
  BitSet pin(int worker) {
    if (affinity.isEmpty() || Thread.currentThread().isVirtual()) {
      return new BitSet();
    }
    BitSet before = affinity.get().allowed();
    BitSet own = new BitSet();
    own.set(processors[worker]);
    return affinity.get().allow(own) ? before : new BitSet();
  }

  void release(BitSet before) {
    if (!before.isEmpty()) {
      affinity.orElseThrow().allow(before);
    }
  }
}
