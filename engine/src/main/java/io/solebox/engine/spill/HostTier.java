package io.solebox.engine.spill;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What lies in host memory, of which the least recently used leaves for others: never what somebody
 * holds, and never what somebody still writes to. Owned by one engine loop; others only fill what
 * they were given.
 */
final class HostTier implements AutoCloseable {
  private static final class Entry {
    final SpillKey key;
    final HostRegion.Part part;
    boolean filling = true; // somebody may write to it

    Entry(SpillKey key, HostRegion.Part part) {
      this.key = key;
      this.part = part;
    }
  }

  private final HostRegion region;
  private final Map<SpillKey, Entry> entries = new LinkedHashMap<>(); // least recently used first
  private final LinkedHashSet<Entry> idle = new LinkedHashSet<>(); // may leave, in the same order
  private final Map<SpillKey, Integer> holds = new HashMap<>(); // of what is there or may come
  private long idleBytes;
  private long lost;

  /**
   * @param bytes that it may take
   */
  HostTier(long bytes) {
    this.region = new HostRegion(bytes);
  }

  /** That it may take. */
  long bytes() {
    return region.bytes();
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean has(SpillKey key) {
    return find(key).isPresent();
  }

  /** The least recently used first. */
  List<SpillKey> keys() {
    return entries.values().stream().filter(entry -> !entry.filling).map(e -> e.key).toList();
  }

  /** What is there, whole. */
  Optional<MemorySegment> find(SpillKey key) {
    return Optional.ofNullable(entries.get(key))
        .filter(entry -> !entry.filling)
        .map(entry -> entry.part.bytes());
  }

  /** It is used now. */
  void touch(SpillKey key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      entries.put(key, entry);
      if (idle.remove(entry)) {
        idle.add(entry);
      }
    }
  }

  /**
   * Room for something new, for the caller to fill; others leave for it. It is not there before
   * {@link #filled}, and its memory is the caller's until then, or until {@link #discard}.
   *
   * @return empty, and nobody has left, where even so there is none
   */
  Optional<MemorySegment> enter(SpillKey key, long bytes) {
    if (bytes > region.bytes() - region.used() + idleBytes) {
      return Optional.empty();
    }
    Optional<HostRegion.Part> room = region.allocate(bytes);
    while (room.isEmpty() && evictOldest()) {
      room = region.allocate(bytes);
    }
    room.ifPresent(part -> entries.put(key, new Entry(key, part)));
    return room.map(HostRegion.Part::bytes);
  }

  /** What was entered is there, whole; nobody writes to it any more. */
  void filled(SpillKey key) {
    Entry entry = entries.get(key);
    entry.filling = false;
    settle(entry);
  }

  /** What was entered did not come; nobody writes to it any more. */
  void discard(SpillKey key) {
    region.free(entries.remove(key).part);
  }

  private boolean evictOldest() {
    if (idle.isEmpty()) {
      return false;
    }
    remove(idle.getFirst());
    lost++;
    return true;
  }

  private void remove(Entry entry) {
    entries.remove(entry.key);
    idle.remove(entry);
    idleBytes -= entry.part.size();
    region.free(entry.part);
  }

  /** It stays until {@link #drop}, from when it is there. */
  void hold(SpillKey key) {
    holds.merge(key, 1, Integer::sum);
    settle(key);
  }

  /** Gives up one hold of those that the caller has. */
  void drop(SpillKey key) {
    assert holds.containsKey(key) : "dropped, but not held";
    holds.computeIfPresent(key, (_, count) -> count == 1 ? null : count - 1);
    settle(key);
  }

  private void settle(SpillKey key) {
    Optional.ofNullable(entries.get(key)).ifPresent(this::settle);
  }

  /** It may leave, or may not. */
  private void settle(Entry entry) {
    boolean isIdle = !entry.filling && !holds.containsKey(entry.key);
    if (isIdle && idle.add(entry)) {
      idleBytes += entry.part.size();
    } else if (!isIdle && idle.remove(entry)) {
      idleBytes -= entry.part.size();
    }
  }

  /** Forgets everything that may leave. */
  void clear() {
    List.copyOf(idle).forEach(this::remove);
  }

  /** Of what left for others. */
  long lost() {
    return lost;
  }

  long used() {
    return region.used();
  }

  /** Nobody may fill anything any more. */
  @Override
  public void close() {
    entries.values().forEach(entry -> region.free(entry.part));
    entries.clear();
    region.close();
  }
}
