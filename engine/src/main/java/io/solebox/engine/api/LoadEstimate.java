package io.solebox.engine.api;

import io.solebox.engine.memory.MemoryUse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

    private DeviceNeed withFree(long bytes) {
      return new DeviceNeed(device, wanted, least, fittingContext, bytes, capacityBytes);
    }

    private DeviceNeed plus(DeviceNeed other) {
      return new DeviceNeed(
          device,
          wanted.plus(other.wanted),
          least.plus(other.least),
          Math.min(fittingContext, other.fittingContext),
          freeBytes,
          capacityBytes);
    }
  }

  /** What it takes with a draft model beside it; what would fit is then an upper bound. */
  LoadEstimate with(LoadEstimate draft) {
    Map<String, DeviceNeed> needs = new LinkedHashMap<>();
    for (DeviceNeed need : devices) {
      needs.merge(need.device(), need, DeviceNeed::plus);
    }
    for (DeviceNeed need : draft.devices()) {
      needs.merge(need.device(), need, DeviceNeed::plus);
    }
    List<String> all = new ArrayList<>(notes);
    all.addAll(LoadNotes.ofDraft(draft.notes()));
    return new LoadEstimate(contextTokens, kvTokens, List.copyOf(needs.values()), all);
  }

  /**
   * The same at another moment; the longest contexts that would fit are not computed anew.
   *
   * @param freeBytes as {@link Engine#freeBytes} says then
   */
  public LoadEstimate withFree(Map<String, Long> freeBytes) {
    List<DeviceNeed> needs =
        devices.stream()
            .map(need -> need.withFree(freeBytes.getOrDefault(need.device(), need.freeBytes())))
            .toList();
    return new LoadEstimate(contextTokens, kvTokens, needs, notes);
  }

  /** Whether it could be loaded now. */
  public boolean fits() {
    return devices.stream().allMatch(DeviceNeed::fits);
  }

  /** With room for one longest sequence, on all devices together. */
  public long leastBytes() {
    return devices.stream().mapToLong(d -> d.least().total()).sum();
  }

  /** On all devices together. */
  public long wantedBytes() {
    return devices.stream().mapToLong(d -> d.wanted().total()).sum();
  }
}
