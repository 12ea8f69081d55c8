package io.solebox.planner.memory;

import io.solebox.engine.api.LoadEstimate.DeviceNeed;
import io.solebox.engine.memory.MemoryUse;
import io.solebox.planner.figure.Range;
import io.solebox.planner.figure.Unit;

/**
 * What a model takes of one device.
 *
 * @param device its name
 * @param need with the cache that was wished, byte by byte
 * @param least with a cache for one longest sequence
 * @param driver what the driver or the system takes for itself, bytes
 * @param has bytes of the device
 * @param fittingContext the longest sequence for which there is room in the worst case
 */
public record DeviceMemory(
    String device, MemoryUse need, MemoryUse least, Range driver, Range has, long fittingContext) {
  /** Whether there is room. */
  public enum Room {
    /** For all that was wished. */
    FITS,
    /** For one longest sequence, and less of a cache than was wished. */
    FITS_WITH_LESS_CACHE,
    /** Only if the driver takes as little as it may, or the device has as much as it may. */
    MAY_FIT,
    NO
  }

  static DeviceMemory of(DeviceNeed need, String name, Range driver, Range has) {
    return new DeviceMemory(name, need.wanted(), need.least(), driver, has, need.fittingContext());
  }

  /** What is left for models, in the worst and in the best case. */
  public Range free() {
    return new Range(
        Math.max(0, has.low() - driver.high()),
        Math.max(0, has.high() - driver.low()),
        Unit.BYTES,
        "what it has without what the driver takes");
  }

  public Room room() {
    if (need.total() <= free().low()) {
      return Room.FITS;
    }
    if (least.total() <= free().low()) {
      return Room.FITS_WITH_LESS_CACHE;
    }
    return least.total() <= free().high() ? Room.MAY_FIT : Room.NO;
  }
}
