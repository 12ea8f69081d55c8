package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.generation.SpillStats;
import io.solebox.engine.generation.SpillStats.Traffic;
import io.solebox.engine.spill.TransferCosts.Transfer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

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

  /** Of host memory for what is read from a disk, at least. */
  public static final long READ_BYTES = 1L << 26;

  private final KeptMemory plan;
  private final TransferCosts costs;
  private final Outflow out;
  private final Optional<SpillFile> file;
  private final Optional<PrefixFolder> folder;
  private final Optional<DiskTier> disks;
  private final Duration saveAfter;
  private long bytesLeft; // of this step, to bring back
  private long savingFailures;
  private Traffic restored = Traffic.NONE;

  /**
   * @param plan whose bytes it keeps
   * @param costs that say what is worth it
   * @param memoryBytes of host memory that it may take; 0 keeps nothing
   */
  public SpillStore(KeptMemory plan, TransferCosts costs, long memoryBytes) {
    this(plan, costs, SpillPlaces.inMemory(memoryBytes));
  }

  /**
   * The same with disks.
   *
   * @param places of which files and folder are closed with this
   */
  public SpillStore(KeptMemory plan, TransferCosts costs, SpillPlaces places) {
    this.plan = plan;
    this.costs = costs;
    this.file = places.file();
    this.folder = places.folder();
    this.saveAfter = places.saveAfter();
    this.out = new Outflow(plan, costs, places.memoryBytes(), file);
    var all = new ArrayList<Disk>();
    file.ifPresent(all::add);
    folder.ifPresent(all::add);
    this.disks =
        all.isEmpty() ? Optional.empty() : Optional.of(new DiskTier(all, places.readBytes()));
  }

  /** One that keeps nothing. */
  public static SpillStore off() {
    return new SpillStore(new NoMemory(), new MeasuredCosts(), 0);
  }

  /** The empty prefix under a variant of the model. */
  public PrefixHash root(int variant) {
    String identity = folder.map(PrefixFolder::root).orElse("");
    return PrefixHash.of(identity + "\nvariant " + variant);
  }

  /** What steps and copies take. */
  public TransferCosts costs() {
    return costs;
  }

  /** A step is about to be put together. */
  public void beginStep() {
    bytesLeft = costs.bytesPerStep();
    out.beginStep();
    disks.ifPresent(tier -> tier.takeRead(costs));
  }

  /**
   * A block has to leave its place. It is copied when that {@link #overwrites is overwritten}: so a
   * step copies no more than it computes, which takes longer, however much a sequence reserves.
   *
   * @param place that holds it still
   * @param tokens that must be computed again without it
   */
  public void leaves(SpillKey key, KeptPlace place, int tokens) {
    out.leaves(key, place, tokens);
  }

  /** A snapshot leaves a place that is overwritten at once, while a step has time for it. */
  public void leavesAtOnce(SpillKey key, KeptPlace place, int tokens) {
    out.leavesAtOnce(key, place, tokens);
  }

  /** A place is about to be overwritten. */
  public void overwrites(KeptPlace place) {
    out.overwrites(place);
  }

  /** Whether it has nothing. */
  public boolean isEmpty() {
    return out.host().isEmpty()
        && out.leaving().isEmpty()
        && disks.stream().allMatch(DiskTier::isEmpty);
  }

  public boolean has(SpillKey key) {
    return isNear(key) || disks.stream().anyMatch(tier -> tier.find(key).isPresent());
  }

  /** Whether no disk need be asked for it. */
  private boolean isNear(SpillKey key) {
    return out.host().has(key) || out.leaving().find(key).isPresent();
  }

  /** Whether something is on its way from a disk. */
  public boolean isBusy() {
    return disks.stream().anyMatch(DiskTier::isBusy);
  }

  /** Whether having all of these back takes less than computing so many tokens. */
  public boolean isCheaper(Collection<SpillKey> keys, int tokens) {
    long copied = 0;
    long read = 0;
    for (SpillKey key : keys) {
      long near =
          out.leaving().find(key).map(content -> 2 * plan.bytes(content.place())).orElse(0L)
              + find(key).map(MemorySegment::byteSize).orElse(0L);
      long onDisk = near > 0 ? 0 : disks.map(tier -> tier.find(key).orElse(0)).orElse(0L);
      copied += near + onDisk;
      read += onDisk;
    }
    return costs.isCheaper(new Transfer(copied, read, 0), tokens);
  }

  private Optional<MemorySegment> find(SpillKey key) {
    return out.host().find(key).or(() -> disks.flatMap(tier -> tier.arrived(key)));
  }

  /** It is wanted, and stays where it is in memory until {@link #drop}. */
  public void hold(SpillKey key) {
    out.host().hold(key);
    out.host().touch(key);
  }

  /** Gives up one hold. */
  public void drop(SpillKey key) {
    out.host().drop(key);
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
      disks.ifPresent(tier -> tier.hold(key));
    }
    return isNear || disks.stream().anyMatch(tier -> tier.hold(key, plan.bytes(place)));
  }

  /** Whether what was expected is there or on its way: what was leaving may have found no room. */
  public boolean isAtHand(SpillKey key) {
    return isNear(key) || disks.stream().anyMatch(tier -> tier.isAtHand(key));
  }

  /** What {@link #expect} expected is wanted no more. */
  public void forgo(SpillKey key) {
    disks.ifPresent(tier -> tier.drop(key));
  }

  /** Brings something back to a place of its kind, if there is time for it in this step. */
  public Outcome restore(SpillKey key, KeptPlace place) {
    if (bytesLeft <= 0) {
      return Outcome.LATER;
    }
    out.leaving().find(key).ifPresent(content -> overwrites(content.place()));
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
    restored = restored.plus(bytes);
    return Outcome.DONE;
  }

  /** All of this came back, what the rest is of no use without first. */
  public void used(List<SpillKey> keys) {
    disks.ifPresent(tier -> tier.used(keys));
  }

  /** How long nobody is to be there before that is written; empty where nothing outlives it. */
  public Optional<Duration> saveAfter() {
    return folder.map(_ -> saveAfter);
  }

  /**
   * Writes what outlives the process, where anything does.
   *
   * @param inPlan places of what lies in the plan, what was used last first
   * @param how given what is written with
   */
  public void save(Map<SpillKey, KeptPlace> inPlan, Consumer<Saving> how) {
    if (folder.isEmpty() || disks.isEmpty()) {
      return;
    }
    disks.get().awaitRead(costs);
    var places = new LinkedHashMap<>(inPlan);
    out.leaving().all().forEach(content -> places.put(content.key(), content.place()));
    var saving = new Saving(plan, folder.get(), file, out.host(), disks.get().mostBytes(), places);
    try (saving) {
      how.accept(saving);
    } finally {
      savingFailures += saving.failures();
    }
  }

  /** What lies in the plan is not what it was. */
  public void forgetLeaving() {
    out.leaving().clear();
  }

  /** Forgets everything, as when what it holds is in doubt. */
  public void forgetContents() {
    out.clear();
    disks.ifPresent(DiskTier::clear);
  }

  public SpillStats stats() {
    return new SpillStats(
        out.spilled(),
        restored,
        out.written(),
        disks.map(DiskTier::traffic).orElse(Traffic.NONE),
        out.lost(),
        out.failures() + savingFailures + disks.map(DiskTier::failures).orElse(0L),
        out.host().used() + disks.map(DiskTier::memoryBytes).orElse(0L),
        disks.map(DiskTier::diskBytes).orElse(0L));
  }

  @Override
  public void close() {
    try (out) {
      // Before the disks: it writes to one.
    } finally {
      disks.ifPresent(DiskTier::close);
    }
  }
}
