package io.solebox.engine.spill;

import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What lies in host memory, of which the least recently used leaves for others, first of that which
 * need not be copied elsewhere before: never what somebody holds, and never what somebody still
 * writes to or copies. Owned by one engine loop; others only fill or copy what they were given.
 */
final class HostTier implements AutoCloseable {
  /** Whether something lies elsewhere too, or shall. */
  enum Copy {
    NONE,
    WANTED,
    MADE
  }

  /** Something that is there, or comes. */
  static final class Entry {
    private final SpillKey key;
    private final HostRegion.Part part;
    private boolean filling = true; // somebody may write to it
    private Copy copy = Copy.NONE;

    private Entry(SpillKey key, HostRegion.Part part) {
      this.key = key;
      this.part = part;
    }

    SpillKey key() {
      return key;
    }

    MemorySegment bytes() {
      return part.bytes();
    }
  }

  private final HostRegion region;
  private final Map<SpillKey, Entry> entries = new LinkedHashMap<>(); // least recently used first
  private final LinkedHashSet<Entry> idle = new LinkedHashSet<>(); // may leave, in the same order
  private final LinkedHashSet<Entry> toCopy = new LinkedHashSet<>(); // may leave, but better later
  private final Set<Entry> lent = new HashSet<>(); // being copied
  private final Map<SpillKey, Integer> holds = new HashMap<>(); // of what is there or may come
  private long idleBytes;
  private long toCopyBytes;
  private long lentBytes;
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
      Stream.of(idle, toCopy).filter(all -> all.remove(entry)).forEach(all -> all.add(entry));
    }
  }

  /**
   * Room for something new, for the caller to fill; others leave for it. It is not there before
   * {@link #filled}, and its memory is the caller's until then, or until {@link #discard}.
   *
   * @return empty, and nobody has left, where even so there is none
   */
  Optional<MemorySegment> enter(SpillKey key, long bytes) {
    if (bytes > region.bytes() - region.used() + idleBytes + toCopyBytes) {
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
    filled(key, Copy.NONE);
  }

  /** The same, and it lies elsewhere too, or shall. */
  void filled(SpillKey key, Copy copy) {
    Entry entry = entries.get(key);
    entry.filling = false;
    entry.copy = copy;
    settle(entry);
  }

  /** What was entered did not come; nobody writes to it any more. */
  void discard(SpillKey key) {
    region.free(entries.remove(key).part);
  }

  private boolean evictOldest() {
    Optional<Entry> oldest = Stream.of(idle, toCopy).flatMap(Set::stream).findFirst();
    oldest.ifPresent(
        entry -> {
          remove(entry);
          lost += entry.copy == Copy.MADE ? 0 : 1;
        });
    return oldest.isPresent();
  }

  private void remove(Entry entry) {
    entries.remove(entry.key);
    unsettle(entry);
    region.free(entry.part);
  }

  /**
   * Lends the oldest of what is to be copied, so that half of the memory is soon room for others
   * and nothing is lost by that; empty where it is so already, or nothing is to be copied. It is
   * there for all others meanwhile.
   */
  Optional<Entry> lend() {
    long room = region.bytes() - region.used() + idleBytes + lentBytes;
    Optional<Entry> oldest =
        room < region.bytes() / 2 ? toCopy.stream().findFirst() : Optional.empty();
    oldest.ifPresent(
        entry -> {
          unsettle(entry);
          lent.add(entry);
          lentBytes += entry.part.size();
        });
    return oldest;
  }

  /** What was lent is copied, or will not be; nobody reads it any more. */
  void giveBack(Entry entry, boolean isCopied) {
    lent.remove(entry);
    lentBytes -= entry.part.size();
    entry.copy = isCopied ? Copy.MADE : Copy.NONE;
    if (entries.get(entry.key) == entry) {
      settle(entry);
    } else {
      region.free(entry.part); // it was forgotten
    }
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
    boolean isIdle = !entry.filling && !lent.contains(entry) && !holds.containsKey(entry.key);
    if (!isIdle) {
      unsettle(entry);
    } else if (entry.copy == Copy.WANTED) {
      toCopyBytes += toCopy.add(entry) ? entry.part.size() : 0;
    } else {
      idleBytes += idle.add(entry) ? entry.part.size() : 0;
    }
  }

  private void unsettle(Entry entry) {
    idleBytes -= idle.remove(entry) ? entry.part.size() : 0;
    toCopyBytes -= toCopy.remove(entry) ? entry.part.size() : 0;
  }

  /** Forgets everything that may leave, or may when it is copied. */
  void clear() {
    List.copyOf(idle).forEach(this::remove);
    List.copyOf(toCopy).forEach(this::remove);
    lent.stream()
        .filter(entry -> !holds.containsKey(entry.key))
        .forEach(entry -> entries.remove(entry.key, entry));
  }

  /** Of what left for others. */
  long lost() {
    return lost;
  }

  long used() {
    return region.used();
  }

  /** Nobody may fill or copy anything any more. */
  @Override
  public void close() {
    var all = new HashSet<>(entries.values());
    all.addAll(lent); // also what was forgotten since
    all.forEach(entry -> region.free(entry.part));
    entries.clear();
    lent.clear();
    region.close();
  }
}
