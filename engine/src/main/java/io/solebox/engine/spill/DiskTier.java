package io.solebox.engine.spill;

import io.solebox.engine.generation.SpillStats.Traffic;
import io.solebox.engine.spill.Disk.Found;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What lies on disks, or is on its way from there in host memory of its own, where it waits for
 * those who hold it. Owned by one engine loop.
 */
final class DiskTier implements AutoCloseable {
  /** Pieces that may be on their way at once. */
  private static final int MOST = 16;

  /**
   * What became of a wish.
   *
   * @param clears before it
   */
  private record Read(Disk disk, SpillKey key, Found found, long bytes, long nanos, int clears) {}

  private final List<Disk> disks;
  private final HostTier arrived; // or, not found there yet, on its way
  private final DiskThread<Read> reader = new DiskThread<>("kv-reader", MOST);
  private final Set<SpillKey> coming = new HashSet<>();
  private int clears;
  private long failures;
  private Traffic read = Traffic.NONE;

  /**
   * @param disks the first that has something is asked for it; closed with this
   * @param memoryBytes of host memory, for what is read; nothing larger ever comes
   */
  DiskTier(List<? extends Disk> disks, long memoryBytes) {
    this.disks = List.copyOf(disks);
    this.arrived = new HostTier(memoryBytes);
  }

  boolean isEmpty() {
    return disks.stream().allMatch(Disk::isEmpty);
  }

  /** What can be had, in bytes. */
  OptionalLong find(SpillKey key) {
    return having(key).map(disk -> disk.find(key)).orElse(OptionalLong.empty());
  }

  private Optional<Disk> having(SpillKey key) {
    return disks.stream()
        .filter(disk -> disk.find(key).stream().anyMatch(bytes -> bytes <= arrived.bytes()))
        .findFirst();
  }

  /** What has come. */
  Optional<MemorySegment> arrived(SpillKey key) {
    return arrived.find(key);
  }

  /** Whether anything is on its way. */
  boolean isBusy() {
    return !coming.isEmpty();
  }

  /**
   * Brings something to host memory, where it stays until {@link #drop}.
   *
   * @return false, and nothing stays, where nothing of so many bytes is there, or no room now
   */
  boolean hold(SpillKey key, long bytes) {
    boolean comes = isAtHand(key) || having(key).stream().anyMatch(disk -> fetch(disk, key, bytes));
    if (comes) {
      hold(key);
    }
    return comes;
  }

  /** Whether it has come, or is on its way. */
  boolean isAtHand(SpillKey key) {
    return arrived.has(key) || coming.contains(key);
  }

  /** It stays if it comes, for whomever, until {@link #drop}. */
  void hold(SpillKey key) {
    arrived.hold(key);
  }

  /** Gives up one hold. */
  void drop(SpillKey key) {
    arrived.drop(key);
  }

  private boolean fetch(Disk disk, SpillKey key, long bytes) {
    if (disk.find(key).stream().noneMatch(size -> size == bytes)) {
      failures++;
      forget(disk, key);
      return false;
    }
    Optional<MemorySegment> room = arrived.enter(key, bytes);
    if (room.isEmpty()) {
      return false;
    }
    int before = clears;
    if (!reader.offer(() -> read(disk, key, room.get(), before))) {
      arrived.discard(key);
      return false;
    }
    coming.add(key);
    return true;
  }

  private static Read read(Disk disk, SpillKey key, MemorySegment to, int clears) {
    long begin = System.nanoTime();
    Found found;
    try {
      found = disk.read(key, to);
    } catch (IOException | RuntimeException | OutOfMemoryError e) {
      found = Found.BROKEN; // counted by who wished for it, and computed again
    }
    return new Read(disk, key, found, to.byteSize(), System.nanoTime() - begin, clears);
  }

  /** Takes what was read. */
  void takeRead(TransferCosts costs) {
    for (Optional<Read> next = reader.next(); next.isPresent(); next = reader.next()) {
      take(next.get(), costs);
    }
  }

  /** Takes all that is on its way, so that nothing is taken for whole that turns out not to be. */
  void awaitRead(TransferCosts costs) {
    try {
      Optional<Read> next = isBusy() ? reader.await() : Optional.empty();
      while (next.isPresent()) {
        take(next.get(), costs);
        next = isBusy() ? reader.await() : Optional.empty();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void take(Read done, TransferCosts costs) {
    coming.remove(done.key());
    if (done.clears() == clears && done.found() == Found.WHOLE) {
      costs.read(done.bytes(), done.nanos());
      read = read.plus(done.bytes());
      arrived.filled(done.key());
      return;
    }
    arrived.discard(done.key());
    if (done.found() == Found.BROKEN) {
      failures++;
      forget(done.disk(), done.key());
    }
  }

  private void forget(Disk disk, SpillKey key) {
    try {
      disk.remove(key);
    } catch (IOException e) {
      failures++; // the next start tries again
    }
  }

  /** The most bytes that can ever come. */
  long mostBytes() {
    return arrived.bytes();
  }

  /** These are used now, as {@link Disk#used}. */
  void used(List<SpillKey> keys) {
    disks.forEach(disk -> disk.used(keys));
  }

  /** Nobody goes on from what has come, or is on its way. */
  void clear() {
    clears++;
    arrived.clear();
  }

  long failures() {
    return failures;
  }

  /** What came. */
  Traffic traffic() {
    return read;
  }

  /** Of host memory. */
  long memoryBytes() {
    return arrived.used();
  }

  /** Of disks. */
  long diskBytes() {
    return disks.stream().mapToLong(Disk::bytes).sum();
  }

  @Override
  public void close() {
    try (arrived;
        reader) {
      // The reader first: it writes to the memory.
    } finally {
      disks.forEach(Disk::close);
    }
  }
}
