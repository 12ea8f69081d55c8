package io.solebox.hardware.smoke;

import io.solebox.hardware.care.VitalsReader;
import io.solebox.hardware.guard.Guard;
import io.solebox.hardware.guard.GuardSettings;
import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Limits;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.guard.Vitals;
import io.solebox.hardware.power.PowerPlan;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.List;
import java.util.Optional;

/**
 * Watches cards while they are tried: from the level on at which a server would begin nothing new,
 * a trial ends. A sensor that falls silent counts as hot there. Owned by one thread.
 */
public final class SmokeGuard {
  private final Guard guard;
  private final PowerPlan plan;
  private final VitalsReader reader = new VitalsReader();

  /**
   * @param plan whose shares a card may draw that has no limit
   */
  public SmokeGuard(GuardSettings settings, PowerPlan plan) {
    this.guard = new Guard(settings);
    this.plan = plan;
  }

  /**
   * Takes what was measured.
   *
   * @param now in nanoseconds, of a clock that never goes back
   * @return why trials must end; empty while they may go on
   */
  public Optional<String> observe(Snapshot snapshot, long now) {
    Ruling ruling = guard.observe(reader.of(snapshot, plan), now);
    return ruling.level().compareTo(Level.PAUSED) >= 0
        ? Optional.of(ruling.words())
        : Optional.empty();
  }

  /** What a card bears; {@link Limits#UNKNOWN} of one that is not measured. */
  public Limits limits(Snapshot snapshot, String uuid) {
    List<Vitals> all = reader.of(snapshot, plan);
    return all.stream()
        .filter(each -> each.device().equals(uuid))
        .map(Vitals::limits)
        .findFirst()
        .orElse(Limits.UNKNOWN);
  }
}
