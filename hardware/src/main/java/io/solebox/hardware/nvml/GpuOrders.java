package io.solebox.hardware.nvml;

import io.solebox.hardware.nvml.GpuControl.PowerLimits;
import java.lang.foreign.MemorySegment;
import java.util.List;

/** Tells one GPU what to do, and asks it what it may be told. */
final class GpuOrders {
  private final Asker asker;
  private final MemorySegment device;

  GpuOrders(Asker asker, MemorySegment device) {
    this.asker = asker;
    this.device = device;
  }

  Outcome<PowerLimits> powerLimits() {
    Outcome<Long> current = asker.u32("nvmlDeviceGetPowerManagementLimit", device);
    Outcome<Long> usual = asker.u32("nvmlDeviceGetPowerManagementDefaultLimit", device);
    Outcome<List<Long>> bounds =
        asker.u32s("nvmlDeviceGetPowerManagementLimitConstraints", 2, device);
    return current.flatMap(
        now ->
            usual.flatMap(
                standard ->
                    bounds.map(
                        both ->
                            new PowerLimits(
                                now.intValue(),
                                both.getFirst().intValue(),
                                both.getLast().intValue(),
                                standard.intValue()))));
  }

  Outcome<Void> setPowerLimit(int milliwatts) {
    return asker.done("nvmlDeviceSetPowerManagementLimit", device, milliwatts);
  }

  Outcome<List<Integer>> supportedSmMegahertz() {
    return asker
        .list("nvmlDeviceGetSupportedMemoryClocks", device)
        .flatMap(
            memory ->
                asker.list(
                    "nvmlDeviceGetSupportedGraphicsClocks",
                    device,
                    memory.stream().mapToInt(Integer::intValue).max().orElse(0)));
  }

  Outcome<Void> lockSmClocks(int min, int max) {
    return asker.done("nvmlDeviceSetGpuLockedClocks", device, min, max);
  }

  Outcome<Void> resetSmClocks() {
    return asker.done("nvmlDeviceResetGpuLockedClocks", device);
  }

  Outcome<Integer> smMegahertz() {
    return asker.u32("nvmlDeviceGetClockInfo", device, 1).map(Long::intValue);
  }
}
