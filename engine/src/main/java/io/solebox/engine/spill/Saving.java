package io.solebox.engine.spill;

import io.solebox.engine.backend.KeptMemory;
import io.solebox.engine.backend.KeptPlace;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedSet;
import java.util.function.BooleanSupplier;

/**
 * Writes what is known of prefixes to a {@link PrefixFolder}, which then keeps it: what is written
 * first is the last to leave, and what there is no room for any more is left out. Used by one
 * engine loop, at its end.
 */
public final class Saving implements AutoCloseable {
  private final KeptMemory plan;
  private final SavedTier tier;
  private final HostTier host;
  private final Map<SpillKey, KeptPlace> inPlan;

  Saving(KeptMemory plan, SavedTier tier, HostTier host, Map<SpillKey, KeptPlace> inPlan) {
    this.plan = plan;
    this.tier = tier;
    this.host = host;
    this.inPlan = inPlan;
  }

  /** All that lies in the plan or in host memory, in the order in which it is worth most. */
  public SequencedSet<SpillKey> all() {
    var all = new LinkedHashSet<>(inPlan.keySet());
    all.addAll(host.keys().reversed());
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
      if (bytes.isEmpty() || bytes.getAsLong() > tier.mostBytes()) {
        return false;
      }
      more += tier.folder().isKept(key) ? 0 : PrefixFile.bytes(bytes.getAsLong());
    }
    return tier.folder().hasRoom(more)
        && together.stream().allMatch(key -> goesOn.getAsBoolean() && save(key));
  }

  /** Empty where it is known nowhere, or nothing of it is kept. */
  private OptionalLong bytes(SpillKey key) {
    KeptPlace place = inPlan.get(key);
    if (place == null) {
      return host.find(key)
          .map(bytes -> OptionalLong.of(bytes.byteSize()))
          .orElseGet(() -> tier.find(key));
    }
    long bytes = plan.bytes(place);
    return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
  }

  private boolean save(SpillKey key) {
    if (tier.folder().keep(key)) {
      return true;
    }
    KeptPlace place = inPlan.get(key);
    if (place == null) {
      return host.find(key).stream().allMatch(bytes -> tier.save(key, bytes));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocate(plan.bytes(place));
      plan.read(place, bytes);
      return tier.save(key, bytes);
    } catch (OutOfMemoryError e) {
      return false; // it is computed again
    }
  }

  /** Lets the next start know what is worth most. */
  @Override
  public void close() {
    tier.endSaving();
  }
}
