package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.generation.SpillStats;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Optional;

/**
 * Where blocks and snapshots lie that had to leave a plan's pools, until a sequence wants them
 * again: bounded, the least recently used leaves first. It says whether bringing them back is
 * cheaper than computing them again, and how much of that fits beside a step. Owned by one engine
 * loop; not thread-safe.
 */
public final class SpillStore implements AutoCloseable {
  /** What became of a wish to have something back. */
  public enum Outcome {
    DONE,
    /** Not in this step. */
    LATER,
    /** It is not there any more. */
    GONE
  }

  private record NoMemory() implements KeptMemory {
    @Override
    public long bytes(KeptPlace place) {
      return 0;
    }

    @Override
    public void read(KeptPlace place, MemorySegment to) {}

    @Override
    public void write(KeptPlace place, MemorySegment from) {}
  }

  private final KeptMemory plan;
  private final HostTier host;
  private final TransferCosts costs;
  private long bytesLeft; // of this step
  private long spilled;
  private long spilledBytes;
  private long restored;
  private long restoredBytes;
  private long noRoom;

  /**
   * @param plan whose bytes it keeps
   * @param costs that say what is worth it
   * @param memoryBytes of host memory that it may take; 0 keeps nothing
   */
  public SpillStore(KeptMemory plan, TransferCosts costs, long memoryBytes) {
    this.plan = plan;
    this.costs = costs;
    this.host = new HostTier(memoryBytes);
  }

  /** One that keeps nothing. */
  public static SpillStore off() {
    return new SpillStore(new NoMemory(), new MeasuredCosts(), 0);
  }

  /** Whether it keeps anything at all. */
  public boolean isOn() {
    return host.isOn();
  }

  /** The empty prefix under a variant of the model. */
  public PrefixHash root(int variant) {
    return PrefixHash.of("variant " + variant);
  }

  /** What steps and copies take. */
  public TransferCosts costs() {
    return costs;
  }

  /** A step is about to be put together. */
  public void beginStep() {
    bytesLeft = costs.bytesPerStep();
  }

  /**
   * Something is about to be overwritten.
   *
   * @param place that holds it still
   * @param tokens that must be computed again without it
   */
  public void leaves(SpillKey key, KeptPlace place, int tokens) {
    if (host.has(key)) {
      host.touch(key);
      return;
    }
    long bytes = plan.bytes(place);
    if (!isOn() || bytes == 0 || !costs.isCheaper(2 * bytes, 0, tokens)) {
      return;
    }
    Optional<MemorySegment> room = host.enter(key, bytes);
    if (room.isEmpty()) {
      noRoom++;
      return;
    }
    long begin = System.nanoTime();
    try {
      plan.read(place, room.get());
    } catch (RuntimeException e) {
      host.remove(key);
      throw e;
    }
    costs.copied(bytes, System.nanoTime() - begin);
    spilled++;
    spilledBytes += bytes;
  }

  /** Whether it has nothing. */
  public boolean isEmpty() {
    return host.isEmpty();
  }

  public boolean has(SpillKey key) {
    return host.has(key);
  }

  /** Whether having all of these back takes less than computing so many tokens. */
  public boolean isCheaper(Collection<SpillKey> keys, int tokens) {
    long bytes =
        keys.stream().flatMap(key -> host.find(key).stream()).mapToLong(m -> m.byteSize()).sum();
    return costs.isCheaper(bytes, 0, tokens);
  }

  /** It is wanted soon, and stays until {@link #drop}. */
  public void hold(SpillKey key) {
    host.hold(key);
    host.touch(key);
  }

  /** Gives up one hold. */
  public void drop(SpillKey key) {
    host.drop(key);
  }

  /** Brings something back to a place of its kind, if there is time for it in this step. */
  public Outcome restore(SpillKey key, KeptPlace place) {
    if (bytesLeft <= 0) {
      return Outcome.LATER;
    }
    Optional<MemorySegment> found = host.find(key);
    if (found.isEmpty()) {
      return Outcome.GONE;
    }
    long bytes = found.get().byteSize();
    long begin = System.nanoTime();
    plan.write(place, found.get());
    costs.copied(bytes, System.nanoTime() - begin);
    bytesLeft -= bytes;
    restored++;
    restoredBytes += bytes;
    return Outcome.DONE;
  }

  /** Forgets everything, as when what it holds is in doubt. */
  public void forgetContents() {
    host.clear();
  }

  public SpillStats stats() {
    long lost = noRoom + host.lost();
    return new SpillStats(spilled, spilledBytes, restored, restoredBytes, lost, 0, host.used(), 0);
  }

  @Override
  public void close() {
    host.close();
  }
}
