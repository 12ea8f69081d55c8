package io.solebox.backend.cuda.fake;

import java.lang.foreign.MemorySegment;

/** Memory and copies of the fake driver. */
final class FakeMemoryApi {
  private static final int PORTABLE = 1;
  private static final int DEVICEMAP = 2;

  private final FakeDriver driver;

  FakeMemoryApi(FakeDriver driver) {
    this.driver = driver;
  }

  int cuMemGetInfo_v2(MemorySegment free, MemorySegment total) {
    FakeDevice device = driver.here();
    Native.putLong(free, device.gpu.memoryBytes() - device.heap().used());
    Native.putLong(total, device.gpu.memoryBytes());
    return 0;
  }

  int cuMemAlloc_v2(MemorySegment out, long bytes) {
    Native.putLong(out, driver.here().allocate(bytes));
    return 0;
  }

  int cuMemFree_v2(long address) {
    return driver.here().heap().free(address) ? 0 : FakeError.INVALID_VALUE;
  }

  int cuMemHostAlloc(MemorySegment out, long bytes, int flags) {
    boolean portable = (flags & PORTABLE) != 0;
    boolean mapped = (flags & DEVICEMAP) != 0;
    if (bytes <= 0 || (flags & ~(PORTABLE | DEVICEMAP)) != 0) {
      return FakeError.INVALID_VALUE;
    }
    Native.putLong(out, driver.here().pin(bytes, portable, mapped).address());
    return 0;
  }

  int cuMemFreeHost(long address) {
    driver.here().unpin(address);
    return 0;
  }

  int cuMemcpyHtoDAsync_v2(long to, MemorySegment from, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, to, bytes);
    pinned(device, from.address(), bytes);
    stream(stream)
        .add(
            () -> device.heap().segment(to, bytes).copyFrom(pinned(device, from.address(), bytes)));
    return 0;
  }

  int cuMemcpyDtoHAsync_v2(MemorySegment to, long from, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, from, bytes);
    pinned(device, to.address(), bytes);
    stream(stream)
        .add(
            () -> {
              device.spoil();
              pinned(device, to.address(), bytes).copyFrom(device.heap().segment(from, bytes));
            });
    return 0;
  }

  int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, from, bytes);
    requireHeld(device, to, bytes);
    stream(stream)
        .add(() -> device.heap().segment(to, bytes).copyFrom(device.heap().segment(from, bytes)));
    return 0;
  }

  int cuMemcpyHtoD_v2(long to, MemorySegment from, long bytes) {
    FakeDevice device = driver.here();
    requireHeld(device, to, bytes);
    device.heap().segment(to, bytes).copyFrom(from.reinterpret(bytes));
    return 0;
  }

  int cuMemcpyDtoH_v2(MemorySegment to, long from, long bytes) {
    FakeDevice device = driver.here();
    requireHeld(device, from, bytes);
    device.spoil();
    to.reinterpret(bytes).copyFrom(device.heap().segment(from, bytes));
    return 0;
  }

  int cuMemsetD8Async(long address, byte value, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, address, bytes);
    stream(stream).add(() -> device.heap().segment(address, bytes).fill(value));
    return 0;
  }

  /** The driver checks at the call; a kernel's accesses are found when it runs. */
  static void requireHeld(FakeDevice device, long address, long bytes) {
    DeviceHeap.Allocation own = device.heap().at(address);
    if (own == null || !own.holds(address, bytes)) {
      throw new FakeError(FakeError.INVALID_VALUE, device.heap().describe(address, bytes));
    }
  }

  /** The pinned memory that holds these bytes; a copy of any other would not be asynchronous. */
  private MemorySegment pinned(FakeDevice device, long address, long bytes) {
    return device
        .pinnedAt(address, bytes)
        .or(() -> driver.reach().portable(address, bytes))
        .orElseThrow(
            () ->
                new FakeError(
                    FakeError.INVALID_VALUE,
                    "%d bytes at 0x%x are not pinned".formatted(bytes, address)))
        .slice(address, bytes);
  }

  private FakeStream stream(long handle) {
    return driver.here().get(handle, FakeStream.class);
  }
}
