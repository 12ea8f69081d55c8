package io.solebox.engine.spill;

import io.solebox.engine.spill.FolderReader.Read;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * What lies in a {@link PrefixFolder}, and is on its way from there to host memory. Owned by one
 * engine loop.
 */
final class SavedTier implements AutoCloseable {
  private final PrefixFolder folder;
  private final HostTier host;
  private final FolderReader reader;
  private final Set<SpillKey> coming = new HashSet<>();
  private final Set<SpillKey> tooLarge = new HashSet<>();
  private final long mostBytes;
  private long savedBytes;
  private long failures;

  /**
   * @param folder closed with this
   * @param host where what was read lies
   */
  SavedTier(PrefixFolder folder, HostTier host) {
    this.folder = folder;
    this.host = host;
    this.mostBytes = folder.mostBytes();
    this.reader = new FolderReader(folder);
  }

  PrefixFolder folder() {
    return folder;
  }

  OptionalLong find(SpillKey key) {
    return tooLarge.contains(key) ? OptionalLong.empty() : folder.find(key);
  }

  boolean isComing(SpillKey key) {
    return coming.contains(key);
  }

  /** Whether anything is on its way. */
  boolean isBusy() {
    return !coming.isEmpty();
  }

  /**
   * Brings something to host memory, sooner or later.
   *
   * @return false where there is no file of so many bytes, or no room that could become free
   */
  boolean fetch(SpillKey key, long bytes) {
    if (coming.contains(key)) {
      return true;
    }
    OptionalLong size = find(key);
    if (size.isEmpty()) {
      return false;
    }
    if (size.getAsLong() != bytes) {
      failures++;
      forget(key);
      return false;
    }
    Optional<MemorySegment> room = host.enter(key, bytes);
    if (room.isEmpty()) {
      if (!isBusy()) {
        tooLarge.add(key);
      }
      return isBusy();
    }
    if (reader.wish(key, room.get())) {
      host.hold(key);
      coming.add(key);
    } else {
      host.remove(key);
    }
    return true;
  }

  /** Takes what was read. */
  void takeRead(TransferCosts costs) {
    for (Optional<Read> next = reader.next(); next.isPresent(); next = reader.next()) {
      Read read = next.get();
      coming.remove(read.key());
      host.drop(read.key());
      if (read.isWhole()) {
        costs.read(read.bytes(), read.nanos());
      } else {
        failures++;
        host.remove(read.key());
        forget(read.key());
      }
    }
  }

  private void forget(SpillKey key) {
    try {
      folder.remove(key);
    } catch (IOException e) {
      failures++; // the next start tries again
    }
  }

  /** Whether there is room for so many bytes more beside those that were saved lately. */
  boolean hasRoom(long bytes) {
    return savedBytes + PrefixFolder.fileBytes(bytes) <= mostBytes;
  }

  /** Writes something that is not there yet, and waits for it; false where it is not there then. */
  boolean save(SpillKey key, MemorySegment content) {
    savedBytes += PrefixFolder.fileBytes(content.byteSize());
    try {
      return folder.write(key, content);
    } catch (IOException e) {
      failures++;
      return false;
    }
  }

  long failures() {
    return failures;
  }

  @Override
  public void close() {
    reader.close();
    folder.close();
  }
}
