package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import io.solebox.engine.spill.Disk.Found;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.function.BooleanSupplier;

/**
 * Writes what is known of prefixes to a {@link PrefixFolder}, which then keeps it: what is written
 * first is the last to leave, and what there is no room for any more is left out. Used by one
 * engine loop, while nothing runs.
 */
public final class Saving implements AutoCloseable {
  private interface Content {
    /** Whether it is all there. */
    boolean read(MemorySegment to) throws IOException;
  }

  private final KeptMemory plan;
  private final PrefixFolder folder;
  private final Optional<SpillFile> file;
  private final HostTier host;
  private final long mostBytes;
  private final Map<SpillKey, KeptPlace> inPlan;
  private long failures;

  /**
   * @param mostBytes of what can come back as one
   */
  Saving(
      KeptMemory plan,
      PrefixFolder folder,
      Optional<SpillFile> file,
      HostTier host,
      long mostBytes,
      Map<SpillKey, KeptPlace> inPlan) {
    this.plan = plan;
    this.folder = folder;
    this.file = file;
    this.host = host;
    this.mostBytes = Math.min(mostBytes, PrefixFile.MOST_BYTES);
    this.inPlan = inPlan;
  }

  /** All that lies anywhere else, in the order in which it is worth most. */
  public SequencedSet<SpillKey> all() {
    var all = new LinkedHashSet<>(inPlan.keySet());
    all.addAll(host.keys().reversed());
    file.ifPresent(disk -> all.addAll(disk.keys().reversed()));
    return all;
  }

  /**
   * Writes what is of use only together, as far as it is not there yet.
   *
   * @param goesOn asked before each part
   * @return false where it could not all be written: nothing was, if that was for want of room or
   *     because a part is known nowhere
   */
  public boolean save(List<SpillKey> together, BooleanSupplier goesOn) {
    long more = 0;
    for (SpillKey key : together) {
      OptionalLong bytes = bytes(key);
      if (bytes.isEmpty() || bytes.getAsLong() > mostBytes) {
        return false;
      }
      more += folder.isKept(key) ? 0 : PrefixFile.bytes(bytes.getAsLong());
    }
    return folder.hasRoom(more)
        && together.stream().allMatch(key -> goesOn.getAsBoolean() && save(key));
  }

  /** Empty where it is known nowhere, or nothing of it is kept. */
  private OptionalLong bytes(SpillKey key) {
    KeptPlace place = inPlan.get(key);
    if (place != null) {
      long bytes = plan.bytes(place);
      return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }
    Optional<MemorySegment> inHost = host.find(key);
    if (inHost.isPresent()) {
      return OptionalLong.of(inHost.get().byteSize());
    }
    OptionalLong onDisk = file.map(disk -> disk.find(key)).orElse(OptionalLong.empty());
    return onDisk.isPresent() ? onDisk : folder.find(key);
  }

  private boolean save(SpillKey key) {
    if (folder.keep(key)) {
      return true;
    }
    KeptPlace place = inPlan.get(key);
    Optional<MemorySegment> inHost = host.find(key);
    try {
      if (place != null) {
        return copy(
            key,
            to -> {
              plan.read(place, to);
              return true;
            });
      }
      return inHost.isPresent()
          ? folder.write(key, inHost.get())
          : file.isPresent() && copy(key, to -> file.get().read(key, to) == Found.WHOLE);
    } catch (IOException e) {
      failures++;
      return false;
    } catch (OutOfMemoryError e) {
      return false; // it is computed again
    }
  }

  private boolean copy(SpillKey key, Content content) throws IOException {
    OptionalLong bytes = bytes(key);
    if (bytes.isEmpty()) {
      return false; // it has left meanwhile
    }
    try (Arena arena = Arena.ofShared()) { // a plan of several stages fills it from their threads
      MemorySegment to = arena.allocate(bytes.getAsLong());
      return content.read(to) && folder.write(key, to);
    }
  }

  /** Of disks. */
  long failures() {
    return failures;
  }

  /** Lets the next start know what is worth most. */
  @Override
  public void close() {
    try {
      folder.endSaving();
    } catch (IOException e) {
      failures++; // the next start takes what it finds in any order
    }
  }
}
