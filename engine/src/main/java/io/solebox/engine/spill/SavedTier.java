package io.solebox.engine.spill;

import io.solebox.engine.spill.FolderReader.Read;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What lies in a {@link PrefixFolder}, or is on its way from there in host memory of its own, where
 * it waits for those who hold it. Owned by one engine loop.
 */
final class SavedTier implements AutoCloseable {
  private final PrefixFolder folder;
  private final HostTier arrived; // or, not found there yet, on its way
  private final FolderReader reader;
  private final Set<SpillKey> coming = new HashSet<>();
  private long failures;

  /**
   * @param folder closed with this
   * @param memoryBytes of host memory, for what is read; nothing larger ever comes
   */
  SavedTier(PrefixFolder folder, long memoryBytes) {
    this.folder = folder;
    this.arrived = new HostTier(memoryBytes);
    this.reader = new FolderReader(folder);
  }

  PrefixFolder folder() {
    return folder;
  }

  /** What can be had, in bytes. */
  OptionalLong find(SpillKey key) {
    OptionalLong size = folder.find(key);
    return size.orElse(0) > arrived.bytes() ? OptionalLong.empty() : size;
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
   * @return false, and nothing stays, where there is no file of so many bytes, or no room now
   */
  boolean hold(SpillKey key, long bytes) {
    boolean comes = isAtHand(key) || fetch(key, bytes);
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

  private boolean fetch(SpillKey key, long bytes) {
    OptionalLong size = find(key);
    if (size.isEmpty()) {
      return false;
    }
    if (size.getAsLong() != bytes) {
      failures++;
      forget(key);
      return false;
    }
    Optional<MemorySegment> room = arrived.enter(key, bytes);
    if (room.isEmpty()) {
      return false;
    }
    if (!reader.wish(key, room.get())) {
      arrived.discard(key);
      return false;
    }
    coming.add(key);
    return true;
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

  private void take(Read read, TransferCosts costs) {
    coming.remove(read.key());
    if (read.isWhole()) {
      costs.read(read.bytes(), read.nanos());
      arrived.filled(read.key());
    } else {
      failures++;
      arrived.discard(read.key());
      forget(read.key());
    }
  }

  private void forget(SpillKey key) {
    try {
      folder.remove(key);
    } catch (IOException e) {
      failures++; // the next start tries again
    }
  }

  /** The most bytes that can ever come. */
  long mostBytes() {
    return Math.min(arrived.bytes(), PrefixFile.MOST_BYTES);
  }

  /** Writes something that is not there yet, and waits for it; false where it is not there then. */
  boolean save(SpillKey key, MemorySegment content) {
    try {
      return folder.write(key, content);
    } catch (IOException e) {
      failures++;
      return false;
    }
  }

  /** All is saved that will be. */
  void endSaving() {
    try {
      folder.endSaving();
    } catch (IOException e) {
      failures++; // the next start takes what it finds in any order
    }
  }

  long failures() {
    return failures;
  }

  /** Bytes of host memory. */
  long memoryBytes() {
    return arrived.used();
  }

  @Override
  public void close() {
    try (folder;
        arrived;
        reader) {
      // The reader first: it writes to the memory.
    }
  }
}
