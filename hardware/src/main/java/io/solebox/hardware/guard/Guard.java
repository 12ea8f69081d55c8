package io.solebox.hardware.guard;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * From what is measured to what is to be done. It does nothing itself, knows no clock, and
 * remembers devices: one that is gone from what is measured has fallen silent. Owned by one thread.
 */
public final class Guard {
  private final GuardSettings settings;
  private final Map<String, DeviceGuard> devices = new LinkedHashMap<>();

  public Guard(GuardSettings settings) {
    this.settings = settings;
  }

  /**
   * Takes what was measured.
   *
   * @param now in nanoseconds, of a clock that never goes back
   */
  public Ruling observe(List<Vitals> measured, long now) {
    for (Vitals vitals : measured) {
      devices
          .computeIfAbsent(vitals.device(), _ -> new DeviceGuard(settings, vitals, now))
          .take(vitals, now);
    }
    List<Ruling.Device> ruled = devices.values().stream().map(each -> each.rule(now)).toList();
    return new Ruling(
        ruled.stream().map(Ruling.Device::level).reduce(Level.NORMAL, Level::worse), ruled);
  }
}
