package io.solebox.hardware.care;

import io.solebox.hardware.guard.Level;
import io.solebox.hardware.guard.Ruling;
import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.nvml.Outcome;
import io.solebox.hardware.power.PowerPlan.Measure;
import io.solebox.hardware.power.PowerPlan.Share;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Lowers the clocks of a card that is too warm, and lets them go when it is not any more. Where the
 * driver refuses, that is all there is to it: steps are smaller and have rests in any case. Owned
 * by one thread.
 */
final class SlowClocks {
  /** Of the highest clock that it may have: a power of about a half. */
  private static final double SLOW_SHARE = 0.6;

  private final GpuControl control;
  private final PowerWatch power;
  private final Map<String, Integer> lowered = new HashMap<>();
  private final Set<String> refused = new HashSet<>();

  SlowClocks(GpuControl control, PowerWatch power) {
    this.control = control;
    this.power = power;
  }

  void follow(Ruling ruling) throws InterruptedException {
    for (Ruling.Device device : ruling.devices()) {
      if (device.level().isAtLeast(Level.SLOW)) {
        lower(device);
      } else if (lowered.remove(device.device()) != null) {
        restore(device.device());
      }
    }
  }

  private void lower(Ruling.Device device) {
    String uuid = device.device();
    if (refused.contains(uuid)) {
      return;
    }
    switch (control.supportedSmMegahertz(uuid)) {
      case Outcome.Done<List<Integer>>(var clocks) when !clocks.isEmpty() -> {
        int clock = clock(device, clocks);
        Integer before = lowered.get(uuid);
        if (before == null || before != clock) {
          lock(uuid, clock);
        }
      }
      case Outcome.Done<List<Integer>> _, Outcome.Refused<List<Integer>> _ -> refused.add(uuid);
      case Outcome.Unanswered<List<Integer>> _ -> {} // it is asked again
    }
  }

  private void lock(String uuid, int clock) {
    switch (control.lockSmClocks(uuid, clock, clock)) {
      case Outcome.Done<Void> _ -> lowered.put(uuid, clock);
      case Outcome.Refused<Void> _ -> refused.add(uuid);
      case Outcome.Unanswered<Void> _ -> {}
    }
  }

  /** The lowest from paused on; at slow the highest that is no more than a share of what it has. */
  private int clock(Ruling.Device device, List<Integer> clocks) {
    int lowest = clocks.stream().mapToInt(each -> each).min().orElseThrow();
    if (device.level().isAtLeast(Level.PAUSED)) {
      return lowest;
    }
    int highest =
        power
            .share(device.device())
            .map(Share::measure)
            .filter(Measure.Clock.class::isInstance)
            .map(measure -> ((Measure.Clock) measure).megahertz())
            .orElseGet(() -> clocks.stream().mapToInt(each -> each).max().orElseThrow());
    return clocks.stream()
        .mapToInt(each -> each)
        .filter(each -> each <= SLOW_SHARE * highest)
        .max()
        .orElse(lowest);
  }

  private void restore(String uuid) throws InterruptedException {
    boolean locked =
        power.share(uuid).filter(each -> each.measure() instanceof Measure.Clock).isPresent();
    if (locked) {
      power.again(uuid);
    } else if (control.resetSmClocks(uuid) instanceof Outcome.Unanswered<Void>) {
      lowered.put(uuid, 0); // it is tried again
    }
  }

  /** Cards were told anew what they may draw, and have forgotten what they were told here. */
  void forget() {
    lowered.clear();
  }

  /** Lets all go that it has lowered. */
  void close() throws InterruptedException {
    for (String uuid : Set.copyOf(lowered.keySet())) {
      lowered.remove(uuid);
      restore(uuid);
    }
  }
}
