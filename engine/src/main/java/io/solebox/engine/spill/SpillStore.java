package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.generation.SpillStats;
import java.lang.foreign.MemorySegment;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
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

  /** Of host memory for what is read from a folder, at least. */
  public static final long READ_BYTES = 1L << 26;

  private final KeptMemory plan;
  private final TransferCosts costs;
  private final boolean spills;
  private final HostTier host;
  private final Optional<SavedTier> saved;
  private final Leaving leaving = new Leaving();
  private long bytesLeft; // of this step, to bring back
  private long snapshotBytesLeft; // of this step, to take out
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
    this(plan, costs, memoryBytes, Optional.empty());
  }

  /**
   * The same with prefixes that outlive the process.
   *
   * @param folder closed with this
   * @param readBytes of host memory beside the other, for what is read from there
   */
  public SpillStore(
      KeptMemory plan, TransferCosts costs, long memoryBytes, PrefixFolder folder, long readBytes) {
    this(plan, costs, memoryBytes, Optional.of(new SavedTier(folder, readBytes)));
  }

  private SpillStore(
      KeptMemory plan, TransferCosts costs, long memoryBytes, Optional<SavedTier> saved) {
    this.plan = plan;
    this.costs = costs;
    this.spills = memoryBytes > 0;
    this.host = new HostTier(memoryBytes);
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
    snapshotBytesLeft = bytesLeft;
    saved.ifPresent(tier -> tier.takeRead(costs));
  }

  /**
   * A block has to leave its place. It is copied when that {@link #overwrites is overwritten}: so a
   * step copies no more than it computes, which takes longer, however much a sequence reserves.
   *
   * @param place that holds it still
   * @param tokens that must be computed again without it
   */
  public void leaves(SpillKey key, KeptPlace place, int tokens) {
    host.touch(key);
    if (spills && !host.has(key)) {
      leaving.add(new Leaving.Content(key, place, tokens));
    }
  }

  /** A snapshot leaves a place that is overwritten at once, while a step has time for it. */
  public void leavesAtOnce(SpillKey key, KeptPlace place, int tokens) {
    host.touch(key);
    if (spills && snapshotBytesLeft > 0) {
      snapshotBytesLeft -= copyOut(new Leaving.Content(key, place, tokens));
    } else if (spills && !host.has(key)) {
      noRoom++;
    }
  }

  /** A place is about to be overwritten. */
  public void overwrites(KeptPlace place) {
    leaving.remove(place).ifPresent(this::copyOut);
  }

  /** The bytes that it took. */
  private long copyOut(Leaving.Content content) {
    SpillKey key = content.key();
    long bytes = plan.bytes(content.place());
    if (bytes == 0 || host.has(key) || !costs.isCheaper(2 * bytes, 0, content.tokens())) {
      return 0;
    }
    Optional<MemorySegment> room = host.enter(key, bytes);
    if (room.isEmpty()) {
      noRoom++;
      return 0;
    }
    long begin = System.nanoTime();
    try {
      plan.read(content.place(), room.get());
    } catch (RuntimeException | Error e) {
      host.discard(key);
      throw e;
    }
    costs.copied(bytes, System.nanoTime() - begin);
    host.filled(key);
    spilled++;
    spilledBytes += bytes;
    return bytes;
  }

  /** Whether it has nothing. */
  public boolean isEmpty() {
    return host.isEmpty()
        && leaving.isEmpty()
        && saved.stream().allMatch(tier -> tier.folder().isEmpty());
  }

  public boolean has(SpillKey key) {
    return isNear(key) || saved.stream().anyMatch(tier -> tier.find(key).isPresent());
  }

  /** Whether no disk need be asked for it. */
  private boolean isNear(SpillKey key) {
    return host.has(key) || leaving.find(key).isPresent();
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
      long near =
          leaving.find(key).map(content -> 2 * plan.bytes(content.place())).orElse(0L)
              + find(key).map(MemorySegment::byteSize).orElse(0L);
      long onDisk = near > 0 ? 0 : saved.map(tier -> tier.find(key).orElse(0)).orElse(0L);
      copied += near + onDisk;
      read += onDisk;
    }
    return costs.isCheaper(copied, read, tokens);
  }

  private Optional<MemorySegment> find(SpillKey key) {
    return host.find(key).or(() -> saved.flatMap(tier -> tier.arrived(key)));
  }

  /** It is wanted, and stays where it is in memory until {@link #drop}. */
  public void hold(SpillKey key) {
    host.hold(key);
    host.touch(key);
  }

  /** Gives up one hold. */
  public void drop(SpillKey key) {
    host.drop(key);
  }

  /**
   * It is wanted soon, and comes from a disk if it must, to stay until {@link #forgo}. Nobody may
   * expect what comes after others of his that he does not expect, or each might wait for memory
   * that another waits in.
   *
   * @return false, and nothing need be forgone, where it is not there or has no room now
   */
  public boolean expect(SpillKey key, KeptPlace place) {
    boolean isNear = isNear(key);
    if (isNear) {
      saved.ifPresent(tier -> tier.hold(key));
    }
    return isNear || saved.stream().anyMatch(tier -> tier.hold(key, plan.bytes(place)));
  }

  /** Whether what was expected is there or on its way: what was leaving may have found no room. */
  public boolean isAtHand(SpillKey key) {
    return isNear(key) || saved.stream().anyMatch(tier -> tier.isAtHand(key));
  }

  /** What {@link #expect} expected is wanted no more. */
  public void forgo(SpillKey key) {
    saved.ifPresent(tier -> tier.drop(key));
  }

  /** Brings something back to a place of its kind, if there is time for it in this step. */
  public Outcome restore(SpillKey key, KeptPlace place) {
    if (bytesLeft <= 0) {
      return Outcome.LATER;
    }
    leaving.find(key).ifPresent(content -> overwrites(content.place()));
    Optional<MemorySegment> found = find(key);
    if (found.isEmpty()) {
      return has(key) ? Outcome.LATER : Outcome.GONE;
    }
    overwrites(place);
    long bytes = found.get().byteSize();
    long begin = System.nanoTime();
    plan.write(place, found.get());
    costs.copied(bytes, System.nanoTime() - begin);
    bytesLeft -= bytes;
    restored++;
    restoredBytes += bytes;
    return Outcome.DONE;
  }

  /** All of this came back, what the rest is of no use without first. */
  public void used(Collection<SpillKey> keys) {
    saved.ifPresent(tier -> tier.folder().used(keys));
  }

  /**
   * Begins to write what outlives the process, where anything does.
   *
   * @param inPlan places of what lies in the plan, what was used last first
   */
  public Optional<Saving> saving(Map<SpillKey, KeptPlace> inPlan) {
    return saved.map(
        tier -> {
          tier.awaitRead(costs);
          var places = new LinkedHashMap<>(inPlan);
          leaving.all().forEach(content -> places.put(content.key(), content.place()));
          return new Saving(plan, tier, host, places);
        });
  }

  /** What lies in the plan is not what it was. */
  public void forgetLeaving() {
    leaving.clear();
  }

  /** Forgets everything, as when what it holds is in doubt. */
  public void forgetContents() {
    leaving.clear();
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
        host.used() + saved.map(SavedTier::memoryBytes).orElse(0L),
        saved.map(tier -> tier.folder().bytes()).orElse(0L));
  }

  @Override
  public void close() {
    try (host) {
      saved.ifPresent(SavedTier::close);
    }
  }
}
