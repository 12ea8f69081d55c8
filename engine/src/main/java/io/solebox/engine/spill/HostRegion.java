package io.solebox.engine.spill;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Host memory of a bounded size, taken from the system part by part as it is needed. What is given
 * back waits for others of its size, of which a plan has few, and goes back to the system where
 * another size has no room: so whatever is not in use is room for anything. Owned by one engine
 * loop.
 */
final class HostRegion implements AutoCloseable {
  private static final long ALIGNMENT = 64;

  /** Memory of one owner, until it is given back. */
  static final class Part {
    private final Arena arena = Arena.ofShared(); // filled by other threads
    private final MemorySegment bytes;

    private Part(long size) {
      try {
        bytes = arena.allocate(size, ALIGNMENT);
      } catch (OutOfMemoryError e) {
        arena.close();
        throw e;
      }
    }

    MemorySegment bytes() {
      return bytes;
    }

    long size() {
      return bytes.byteSize();
    }
  }

  private final long bytes;
  private final Map<Long, Deque<Part>> spare = new LinkedHashMap<>(); // by size
  private long taken; // from the system
  private long used;

  HostRegion(long bytes) {
    this.bytes = bytes;
  }

  /** That may be used at once. */
  long bytes() {
    return bytes;
  }

  long used() {
    return used;
  }

  /** Memory of so many bytes; empty where as many are not left, or the system has no more. */
  Optional<Part> allocate(long size) {
    Optional<Part> part = Optional.ofNullable(spare.get(size)).map(Deque::poll);
    if (part.isEmpty()) {
      while (size > bytes - taken && releaseSpare()) {
        // room for another size
      }
      part = size > bytes - taken ? Optional.empty() : take(size);
    }
    used += part.map(Part::size).orElse(0L);
    return part;
  }

  private Optional<Part> take(long size) {
    try {
      var part = new Part(size);
      taken += size;
      return Optional.of(part);
    } catch (OutOfMemoryError e) {
      return Optional.empty(); // nobody needs what would lie there so much that all must end
    }
  }

  private boolean releaseSpare() {
    spare.values().removeIf(Deque::isEmpty);
    if (spare.isEmpty()) {
      return false;
    }
    release(spare.values().iterator().next().remove());
    return true;
  }

  private void release(Part part) {
    taken -= part.size();
    part.arena.close();
  }

  /** Takes back what {@link #allocate} gave and nobody reads or writes any more. */
  void free(Part part) {
    used -= part.size();
    spare.computeIfAbsent(part.size(), _ -> new ArrayDeque<>()).push(part);
  }

  /** Gives the system what nobody uses; all must have been given back. */
  @Override
  public void close() {
    assert used == 0 : "memory that is still in use";
    while (releaseSpare()) {
      // one by one
    }
  }
}
