package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.generation.SpillStats.Traffic;
import io.solebox.engine.spill.TransferCosts.Transfer;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * What leaves a plan's pools: it lies where it was until that is overwritten, then in host memory,
 * and from there goes to a disk where there is one, each where that is cheaper than computing it
 * again. Owned by one engine loop.
 */
final class Outflow implements AutoCloseable {
  private final KeptMemory plan;
  private final TransferCosts costs;
  private final HostTier host;
  private final Optional<DiskWriter> writer;
  private final Leaving leaving = new Leaving();
  private long snapshotBytesLeft; // of this step
  private long noRoom;
  private Traffic spilled = Traffic.NONE;

  /**
   * @param memoryBytes of host memory; 0 keeps nothing
   * @param file where it goes from there; closed by the caller, after this
   */
  Outflow(KeptMemory plan, TransferCosts costs, long memoryBytes, Optional<SpillFile> file) {
    this.plan = plan;
    this.costs = costs;
    this.host = new HostTier(memoryBytes);
    this.writer = file.map(to -> new DiskWriter(to, host));
  }

  HostTier host() {
    return host;
  }

  Leaving leaving() {
    return leaving;
  }

  private boolean isOn() {
    return host.bytes() > 0;
  }

  void beginStep() {
    snapshotBytesLeft = costs.bytesPerStep();
    writer.ifPresent(to -> to.advance(costs));
  }

  /** As {@link SpillStore#leaves}. */
  void leaves(SpillKey key, KeptPlace place, int tokens) {
    host.touch(key);
    if (isOn() && !host.has(key)) {
      leaving.add(new Leaving.Content(key, place, tokens));
    }
  }

  /** As {@link SpillStore#leavesAtOnce}. */
  void leavesAtOnce(SpillKey key, KeptPlace place, int tokens) {
    host.touch(key);
    if (isOn() && snapshotBytesLeft > 0) {
      snapshotBytesLeft -= copyOut(new Leaving.Content(key, place, tokens));
    } else if (isOn() && !host.has(key)) {
      noRoom++;
    }
  }

  /** A place is about to be overwritten. */
  void overwrites(KeptPlace place) {
    leaving.remove(place).ifPresent(this::copyOut);
  }

  /** The bytes that it took. */
  private long copyOut(Leaving.Content content) {
    SpillKey key = content.key();
    long bytes = plan.bytes(content.place());
    boolean isWorthIt = costs.isCheaper(new Transfer(2 * bytes, 0, 0), content.tokens());
    if (bytes == 0 || host.has(key) || !isWorthIt) {
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
    host.filled(key, onDisk(key, bytes, content.tokens()));
    spilled = spilled.plus(bytes);
    return bytes;
  }

  private HostTier.Copy onDisk(SpillKey key, long bytes, int tokens) {
    if (writer.isEmpty()) {
      return HostTier.Copy.NONE;
    }
    if (writer.get().file().find(key).isPresent()) {
      return HostTier.Copy.MADE;
    }
    return costs.isCheaper(new Transfer(bytes, bytes, bytes), tokens)
        ? HostTier.Copy.WANTED
        : HostTier.Copy.NONE;
  }

  /** Forgets everything, as when what it holds is in doubt. */
  void clear() {
    leaving.clear();
    host.clear();
    writer.ifPresent(to -> to.file().clear());
  }

  /** What went to host memory. */
  Traffic spilled() {
    return spilled;
  }

  /** What went from there to a disk. */
  Traffic written() {
    return writer.map(DiskWriter::traffic).orElse(Traffic.NONE);
  }

  /** What found no room or no time, or left for others and lies nowhere else. */
  long lost() {
    return noRoom + host.lost() + writer.map(to -> to.file().lost()).orElse(0L);
  }

  long failures() {
    return writer.map(DiskWriter::failures).orElse(0L);
  }

  @Override
  public void close() {
    try (host) {
      writer.ifPresent(DiskWriter::close);
    }
  }
}
