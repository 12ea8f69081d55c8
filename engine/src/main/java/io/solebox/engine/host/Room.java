package io.solebox.engine.host;

import io.solebox.engine.api.LoadEstimate;
import io.solebox.engine.api.LoadedModel;
import io.solebox.engine.memory.MemoryLedger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds out which models must leave so that another fits. */
final class Room {
  private static final Comparator<Hosted> ORDER =
      Comparator.comparing(Hosted::isInUse).thenComparing(Hosted::lastUse);

  private final Map<String, Long> missing = new HashMap<>(); // bytes by device

  private Room(LoadEstimate estimate) {
    for (LoadEstimate.DeviceNeed need : estimate.devices()) {
      if (!need.fits()) {
        missing.merge(need.device(), need.least().total() - need.freeBytes(), Long::sum);
      }
    }
  }

  /**
   * Those that nobody uses first, then those that were used least recently; no more than it takes.
   *
   * @param all models that may leave
   * @return none where there is room already; empty where not even all of them would make it
   */
  static Optional<List<Hosted>> victims(LoadEstimate estimate, List<Hosted> all) {
    var room = new Room(estimate);
    var victims = new ArrayList<Hosted>();
    for (Hosted hosted : all.stream().sorted(ORDER).toList()) {
      if (!room.isEnough() && room.gains(hosted)) {
        victims.add(hosted);
      }
    }
    return room.isEnough() ? Optional.of(victims) : Optional.empty();
  }

  private boolean isEnough() {
    return missing.values().stream().allMatch(bytes -> bytes <= 0);
  }

  /** Counts what the model holds; whether that helps. */
  private boolean gains(Hosted hosted) {
    boolean helps = false;
    if (hosted.state() instanceof ModelState.Ready(LoadedModel model, _)) {
      for (MemoryLedger.Holding holding : model.memory()) {
        String device = holding.ledger().device();
        helps |= missing.getOrDefault(device, 0L) > 0;
        missing.computeIfPresent(device, (_, bytes) -> bytes - holding.use().total());
      }
    }
    return helps;
  }
}
