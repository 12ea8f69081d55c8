package io.solebox.hardware.nvml;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A GPU as NVML knows it.
 *
 * @param device NVML's handle; empty of one that cannot even be opened
 * @param id its UUID, or its number where it does not tell one
 * @param address in PCI, as the kernel writes it: {@code 0000:01:00.0}
 * @param why it cannot be opened; empty where it can
 */
record GpuHandle(
    Optional<MemorySegment> device, String id, String name, Optional<String> address, String why) {
  /** {@code busId} in {@code nvmlPciInfo_t}. */
  private static final long BUS_ID = 36;

  /** All that there are, those that fail among them. */
  static Outcome<List<GpuHandle>> all(Asker asker) {
    return asker
        .u32("nvmlDeviceGetCount_v2")
        .map(
            count ->
                IntStream.range(0, count.intValue()).mapToObj(index -> of(asker, index)).toList());
  }

  private static GpuHandle of(Asker asker, int index) {
    String number = "GPU " + index;
    Outcome<MemorySegment> opened =
        asker.written("nvmlDeviceGetHandleByIndex_v2", out -> out.get(ADDRESS, 0), index);
    return opened instanceof Outcome.Done<MemorySegment>(MemorySegment device)
        ? new GpuHandle(
            Optional.of(device),
            text(asker.text("nvmlDeviceGetUUID", 96, device)).orElse(number),
            text(asker.text("nvmlDeviceGetName", 96, device)).orElse(number),
            text(asker.written("nvmlDeviceGetPciInfo_v3", out -> out.getString(BUS_ID), device))
                .map(GpuHandle::asKernel),
            "")
        : new GpuHandle(Optional.empty(), number, number, Optional.empty(), opened.why());
  }

  private static Optional<String> text(Outcome<String> outcome) {
    return outcome instanceof Outcome.Done<String>(String text)
        ? Optional.of(text)
        : Optional.empty();
  }

  /** NVML writes eight digits of the domain, and large letters. */
  private static String asKernel(String busId) {
    String small = busId.toLowerCase(Locale.ROOT);
    return small.startsWith("0000") && small.length() > 12 ? small.substring(4) : small;
  }
}
