package io.solebox.store.cleanup;

import io.solebox.store.blob.Digest;
import io.solebox.store.layout.Descriptor;
import io.solebox.store.layout.Generation;
import io.solebox.store.layout.Leases;
import io.solebox.store.layout.ModelName;
import io.solebox.store.layout.ModelStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Chooses which models leave: the least recently used first. */
final class Leavers {
  private final ModelStore store;
  private final long freeBytes;

  /**
   * @param freeBytes on the disk now
   */
  Leavers(ModelStore store, long freeBytes) {
    this.store = store;
    this.freeBytes = freeBytes;
  }

  /** A model with the time from which it counts as unused, and its blobs. */
  private record Kept(ModelName name, Instant used, Map<Digest, Long> blobs, boolean mayLeave) {}

  List<Leaver> due(CleanupRule rule, Instant now) throws IOException {
    List<Kept> all = kept();
    Map<Digest, Integer> owners = new HashMap<>();
    Map<Digest, Long> sizes = new HashMap<>();
    for (Kept model : all) {
      model.blobs().keySet().forEach(blob -> owners.merge(blob, 1, Integer::sum));
      sizes.putAll(model.blobs());
    }
    long held = sizes.values().stream().mapToLong(size -> size).sum();
    long free = freeBytes;
    List<Leaver> due = new ArrayList<>();
    for (Kept model : all) {
      boolean unused =
          rule.unusedDays().isPresent()
              && model.used().plus(Duration.ofDays(rule.unusedDays().getAsLong())).isBefore(now);
      boolean tooMuch = rule.mostBytes().isPresent() && held > rule.mostBytes().getAsLong();
      boolean full = rule.freeBytes().isPresent() && free < rule.freeBytes().getAsLong();
      if (model.mayLeave() && (unused || tooMuch || full)) {
        long own = leave(model, owners);
        held -= own;
        free += own;
        due.add(new Leaver(model.name(), reason(unused, tooMuch), own));
      }
    }
    return due;
  }

  private static Leaver.Reason reason(boolean unused, boolean tooMuch) {
    if (unused) {
      return Leaver.Reason.UNUSED;
    }
    return tooMuch ? Leaver.Reason.TOO_MUCH : Leaver.Reason.DISK_NEARLY_FULL;
  }

  /** Bytes that nobody else has then. */
  private static long leave(Kept model, Map<Digest, Integer> owners) {
    long own = 0;
    for (Map.Entry<Digest, Long> blob : model.blobs().entrySet()) {
      if (owners.merge(blob.getKey(), -1, Integer::sum) == 0) {
        own += blob.getValue();
      }
    }
    return own;
  }

  /** The least recently used first. */
  private List<Kept> kept() throws IOException {
    Set<Digest> leased = new HashSet<>();
    for (Leases.Held lease : store.leases().held()) {
      leased.add(lease.manifest());
    }
    List<Kept> all = new ArrayList<>();
    for (ModelName name : store.names()) {
      Map<Digest, Long> blobs = new HashMap<>();
      Instant used = Instant.MIN;
      boolean isLeased = false;
      for (Generation generation : store.generations(name)) {
        for (Descriptor blob : generation.manifest().blobs()) {
          blobs.put(blob.digest(), blob.size());
        }
        isLeased |= leased.contains(generation.manifest().digest());
        Instant last = store.leases().lastUse(generation.manifest()).orElse(Instant.MIN);
        used = latest(used, last, generation.published());
      }
      all.add(new Kept(name, used, blobs, !isLeased && !store.isPinned(name)));
    }
    all.sort(Comparator.comparing(Kept::used));
    return all;
  }

  private static Instant latest(Instant a, Instant b, Instant c) {
    Instant later = a.isAfter(b) ? a : b;
    return later.isAfter(c) ? later : c;
  }
}
