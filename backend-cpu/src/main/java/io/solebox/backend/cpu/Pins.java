package io.solebox.backend.cpu;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
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

  /** Of each thread, the mask with its processor. */
  private final MemorySegment[] own;

  /** What the caller's thread may use otherwise. */
  private final MemorySegment before;

  private Pins(Optional<Affinity> affinity, int[] processors) {
    Arena arena = Arena.ofAuto();
    this.affinity = affinity;
    this.own =
        Arrays.stream(processors)
            .mapToObj(processor -> Affinity.mask(arena, processor))
            .toArray(MemorySegment[]::new);
    this.before = Affinity.mask(arena);
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

  /** Pins the calling thread, a helper, for good. */
  void pinHelper(int worker) {
    affinity.ifPresent(a -> a.allow(own[worker]));
  }

  /**
   * Pins the calling thread until {@link #releaseCaller}; only one at a time.
   *
   * @return whether anything was changed
   */
  boolean pinCaller() {
    return affinity.isPresent()
        && !Thread.currentThread().isVirtual()
        && affinity.get().read(before)
        && affinity.get().allow(own[0]);
  }

  void releaseCaller() {
    affinity.orElseThrow().allow(before);
  }
}
