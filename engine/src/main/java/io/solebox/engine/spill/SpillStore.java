package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.generation.SpillStats;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.Optional;
import java.util.function.BooleanSupplier;

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

  /** Of host memory for what is read from a folder, beside what is asked for. */
  public static final long READ_BYTES = 1L << 26;

  private final KeptMemory plan;
  private final TransferCosts costs;
  private final boolean spills;
  private final HostTier host;
  private final Optional<SavedTier> saved;
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
    this(plan, costs, memoryBytes, new HostTier(memoryBytes), Optional.empty());
  }

  /**
   * The same with prefixes that outlive the process.
   *
   * @param folder closed with this
   */
  public SpillStore(KeptMemory plan, TransferCosts costs, long memoryBytes, PrefixFolder folder) {
    this(plan, costs, memoryBytes, new HostTier(memoryBytes + READ_BYTES), folder);
  }

  private SpillStore(
      KeptMemory plan, TransferCosts costs, long memoryBytes, HostTier host, PrefixFolder folder) {
    this(plan, costs, memoryBytes, host, Optional.of(new SavedTier(folder, host)));
  }

  private SpillStore(
      KeptMemory plan,
      TransferCosts costs,
      long memoryBytes,
      HostTier host,
      Optional<SavedTier> saved) {
    this.plan = plan;
    this.costs = costs;
    this.spills = memoryBytes > 0;
    this.host = host;
    this.saved = saved;
  }

  /** One that keeps nothing. */
  public static SpillStore off() {
    return new SpillStore(new NoMemory(), new MeasuredCosts(), 0);
  }

  /** The empty prefix under a variant of the model. */
  public PrefixHash root(int variant) {
    String identity = saved.map(tier -> tier.folder().identity()).orElse("");
    return PrefixHash.of(identity + "\nvariant " + variant);
  }

  /** What steps and copies take. */
  public TransferCosts costs() {
    return costs;
  }

  /** A step is about to be put together. */
  public void beginStep() {
    bytesLeft = costs.bytesPerStep();
    saved.ifPresent(tier -> tier.takeRead(costs));
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
    if (!spills || bytes == 0 || !costs.isCheaper(2 * bytes, 0, tokens)) {
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
    return host.isEmpty() && saved.stream().allMatch(tier -> tier.folder().isEmpty());
  }

  public boolean has(SpillKey key) {
    return host.has(key) || saved.stream().anyMatch(tier -> tier.find(key).isPresent());
  }

  /** Whether something is on its way from a disk. */
  public boolean isBusy() {
    return saved.stream().anyMatch(SavedTier::isBusy);
  }

  /** Whether having all of these back takes less than computing so many tokens. */
  public boolean isCheaper(Collection<SpillKey> keys, int tokens) {
    long copied = 0;
    long read = 0;
    for (SpillKey key : keys) {
      long bytes = host.find(key).map(MemorySegment::byteSize).orElse(0L);
      long onDisk = bytes > 0 ? 0 : saved.map(tier -> tier.find(key).orElse(0)).orElse(0L);
      copied += bytes + onDisk;
      read += onDisk;
    }
    return costs.isCheaper(copied, read, tokens);
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

  /** It is wanted after others that come before it. */
  public void expect(SpillKey key, KeptPlace place) {
    if (!host.has(key)) {
      saved.ifPresent(tier -> tier.fetch(key, plan.bytes(place)));
    }
  }

  /** Brings something back to a place of its kind, if there is time for it in this step. */
  public Outcome restore(SpillKey key, KeptPlace place) {
    if (bytesLeft <= 0 || saved.stream().anyMatch(tier -> tier.isComing(key))) {
      return Outcome.LATER;
    }
    Optional<MemorySegment> found = host.find(key);
    if (found.isEmpty()) {
      long bytes = plan.bytes(place);
      return saved.stream().anyMatch(tier -> tier.fetch(key, bytes)) ? Outcome.LATER : Outcome.GONE;
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

  /** Whether prefixes outlive the process. */
  public boolean saves() {
    return saved.isPresent();
  }

  /** Writes what a place holds where it outlives the process; false where there is no room. */
  public boolean save(SpillKey key, KeptPlace place) {
    long size = plan.bytes(place);
    if (saved.isEmpty() || size == 0 || !saved.get().hasRoom(size)) {
      return false;
    }
    if (saved.get().find(key).isPresent()) {
      return true;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(size);
      plan.read(place, bytes);
      return saved.get().save(key, bytes);
    }
  }

  /** The same of all that lies in host memory, the most recently used first. */
  public void saveSpilled(BooleanSupplier goesOn) {
    saved.ifPresent(
        tier ->
            host.keys().reversed().stream()
                .takeWhile(_ -> goesOn.getAsBoolean())
                .forEach(
                    key ->
                        host.find(key)
                            .filter(bytes -> tier.hasRoom(bytes.byteSize()))
                            .ifPresent(bytes -> tier.save(key, bytes))));
  }

  /** Forgets everything, as when what it holds is in doubt. */
  public void forgetContents() {
    host.clear();
  }

  public SpillStats stats() {
    long lost = noRoom + host.lost();
    return new SpillStats(
        spilled,
        spilledBytes,
        restored,
        restoredBytes,
        lost,
        saved.map(SavedTier::failures).orElse(0L),
        host.used(),
        saved.map(tier -> tier.folder().bytes()).orElse(0L));
  }

  @Override
  public void close() {
    saved.ifPresent(SavedTier::close);
    host.close();
  }
}
