package io.solebox.hardware.power;

import io.solebox.hardware.nvml.GpuControl;
import io.solebox.hardware.nvml.Outcome;
import io.solebox.hardware.power.Card.Means;
import io.solebox.hardware.telemetry.DeviceReading;
import io.solebox.hardware.telemetry.Snapshot;
import java.util.List;

/** Asks GPUs by what they can be held. */
public final class Cards {
  private static final int NOT_SUPPORTED = 3;

  private Cards() {}

  public static List<Card> of(Snapshot snapshot, GpuControl control) {
    return snapshot.gpus().stream().map(gpu -> card(gpu, control)).toList();
  }

  private static Card card(DeviceReading gpu, GpuControl control) {
    return new Card(gpu.id(), gpu.name(), gpu.address(), means(gpu.id(), control));
  }

  private static Means means(String uuid, GpuControl control) {
    return switch (control.powerLimits(uuid)) {
      case Outcome.Done<GpuControl.PowerLimits>(var limits) -> limited(uuid, limits, control);
      case Outcome.Refused<GpuControl.PowerLimits>(_, var why) -> clocks(uuid, why, control);
      case Outcome.Unanswered<GpuControl.PowerLimits>(var why) -> new Means.Nothing(why);
    };
  }

  /**
   * Some cards tell a limit and refuse to have it set (DRIVE cards), so it is set to what it is:
   * that changes nothing.
   */
  private static Means limited(String uuid, GpuControl.PowerLimits limits, GpuControl control) {
    if (limits.minMilliwatts() >= limits.maxMilliwatts()) {
      return clocks(uuid, "its power limit cannot be changed", control);
    }
    if (control.setPowerLimit(uuid, limits.currentMilliwatts())
            instanceof Outcome.Refused<Void>(int code, String why)
        && code == NOT_SUPPORTED) {
      return clocks(uuid, why, control);
    }
    return new Means.Limit(
        limits.currentMilliwatts(),
        limits.minMilliwatts(),
        limits.maxMilliwatts(),
        limits.defaultMilliwatts());
  }

  private static Means clocks(String uuid, String noLimit, GpuControl control) {
    return switch (control.supportedSmMegahertz(uuid)) {
      case Outcome.Done<List<Integer>>(var clocks) -> new Means.Clocks(clocks, noLimit);
      case Outcome.Refused<List<Integer>>(_, var why) ->
          new Means.Nothing("it has no power limit (" + noLimit + ") and no clocks: " + why);
      case Outcome.Unanswered<List<Integer>>(var why) -> new Means.Nothing(why);
    };
  }
}
