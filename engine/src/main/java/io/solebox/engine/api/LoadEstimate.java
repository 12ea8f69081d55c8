package io.solebox.engine.api;

import io.solebox.engine.memory.MemoryUse;
import java.util.List;

/**
 * What it takes to load a model, computed from the shapes in its file.
 *
 * @param contextTokens the longest sequence
 * @param kvTokens wished size of the KV cache, over all sequences
 * @param devices where it would be
 * @param notes for people: weights that would be in another format than the file's
 */
public record LoadEstimate(
    int contextTokens, long kvTokens, List<DeviceNeed> devices, List<String> notes) {
  /**
   * What it takes of one device.
   *
   * @param device as in {@code --device}
   * @param wanted with a KV cache of the wished size
   * @param least with room for one longest sequence; with less it is refused
   * @param fittingContext the longest sequence for which there would be room now, 0 for none
   * @param freeBytes what a load can count on now
   * @param capacityBytes what all models together may take
   */
  public record DeviceNeed(
      String device,
      MemoryUse wanted,
      MemoryUse least,
      long fittingContext,
      long freeBytes,
      long capacityBytes) {
    public boolean fits() {
      return least.total() <= freeBytes;
    }
  }

  /** Whether it could be loaded now. */
  public boolean fits() {
    return devices.stream().allMatch(DeviceNeed::fits);
  }

  /** On all devices together. */
  public long wantedBytes() {
    return devices.stream().mapToLong(d -> d.wanted().total()).sum();
  }
}
