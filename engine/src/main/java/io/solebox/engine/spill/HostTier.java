package io.solebox.engine.spill;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What lies in host memory, of which the least recently used leaves for others. */
final class HostTier implements AutoCloseable {
  private static final class Entry {
    final MemorySegment bytes;
    int holders; // who need it to stay

    Entry(MemorySegment bytes) {
      this.bytes = bytes;
    }
  }

  private final HostRegion region;
  private final Map<SpillKey, Entry> entries = new LinkedHashMap<>(); // least recently used first
  private long lost;

  HostTier(long bytes) {
    this.region = new HostRegion(bytes);
  }

  boolean isEmpty() {
    return entries.isEmpty();
  }

  boolean has(SpillKey key) {
    return entries.containsKey(key);
  }

  /** The least recently used first. */
  List<SpillKey> keys() {
    return List.copyOf(entries.keySet());
  }

  Optional<MemorySegment> find(SpillKey key) {
    return Optional.ofNullable(entries.get(key)).map(entry -> entry.bytes);
  }

  /** It is used now. */
  void touch(SpillKey key) {
    Entry entry = entries.remove(key);
    if (entry != null) {
      entries.put(key, entry);
    }
  }

  /**
   * Room for something new, for the caller to fill; others leave for it.
   *
   * @return empty where even so there is none
   */
  Optional<MemorySegment> enter(SpillKey key, long bytes) {
    Optional<MemorySegment> room = region.allocate(bytes);
    while (room.isEmpty() && evictOldest()) {
      room = region.allocate(bytes);
    }
    room.ifPresent(to -> entries.put(key, new Entry(to)));
    return room;
  }

  private boolean evictOldest() {
    Optional<SpillKey> oldest =
        entries.entrySet().stream()
            .filter(e -> e.getValue().holders == 0)
            .map(Map.Entry::getKey)
            .findFirst();
    oldest.ifPresent(
        key -> {
          remove(key);
          lost++;
        });
    return oldest.isPresent();
  }

  void remove(SpillKey key) {
    region.free(entries.remove(key).bytes);
  }

  /** It stays until {@link #drop}, if it is there. */
  void hold(SpillKey key) {
    Entry entry = entries.get(key);
    if (entry != null) {
      entry.holders++;
    }
  }

  /** Gives up one hold. */
  void drop(SpillKey key) {
    Entry entry = entries.get(key);
    if (entry != null && entry.holders > 0) {
      entry.holders--;
    }
  }

  /** Forgets everything that nobody holds. */
  void clear() {
    for (SpillKey key : entries.keySet().toArray(SpillKey[]::new)) {
      if (entries.get(key).holders == 0) {
        remove(key);
      }
    }
  }

  /** Of what left for others. */
  long lost() {
    return lost;
  }

  long used() {
    return region.used();
  }

  @Override
  public void close() {
    region.close();
  }
}
