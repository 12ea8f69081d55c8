package io.solebox.backend.cuda.driver;

import java.util.OptionalDouble;

/**
 * One GPU as the probe found it.
 *
 * @param ordinal as in {@code cuda:1}
 * @param device the driver's handle
 * @param computeCapability as in 80 for 8.0
 * @param cudaVersion newest CUDA that the driver knows, as in 12040
 * @param sharedBytesPerBlock dynamic shared memory that a kernel may be allowed
 * @param clockKhz the highest, as {@code memoryClockKhz}; what holds at a moment only nvidia-smi
 *     says
 */
public record GpuInfo(
    int ordinal,
    int device,
    String name,
    String pciBusId,
    int computeCapability,
    int cudaVersion,
    int multiprocessors,
    int sharedBytesPerBlock,
    int l2Bytes,
    long memoryBytes,
    int clockKhz,
    int memoryClockKhz,
    int memoryBusBits) {

  static GpuInfo of(CudaDriver driver, int ordinal) {
    DeviceCalls calls = driver.devices();
    int device = calls.get(ordinal);
    return new GpuInfo(
        ordinal,
        device,
        calls.name(device),
        calls.pciBusId(device),
        10 * calls.attribute(DeviceAttribute.COMPUTE_MAJOR, device)
            + calls.attribute(DeviceAttribute.COMPUTE_MINOR, device),
        calls.driverVersion(),
        calls.attribute(DeviceAttribute.MULTIPROCESSORS, device),
        calls.attribute(DeviceAttribute.MAX_SHARED_BYTES_PER_BLOCK, device),
        calls.attribute(DeviceAttribute.L2_BYTES, device),
        calls.totalMemory(device),
        calls.attribute(DeviceAttribute.CLOCK_KHZ, device),
        calls.attribute(DeviceAttribute.MEMORY_CLOCK_KHZ, device),
        calls.attribute(DeviceAttribute.MEMORY_BUS_BITS, device));
  }

  /**
   * Bytes per second that its memory gives at most, by clock and width: two transfers a clock, as
   * the driver counts clocks. Empty where the driver does not tell them.
   */
  public OptionalDouble nominalBandwidth() {
    return memoryClockKhz > 0 && memoryBusBits > 0
        ? OptionalDouble.of(2 * 1000.0 * memoryClockKhz * memoryBusBits / Byte.SIZE)
        : OptionalDouble.empty();
  }

  /** As in {@code 8.0}. */
  public String computeCapabilityText() {
    return computeCapability / 10 + "." + computeCapability % 10;
  }
}
