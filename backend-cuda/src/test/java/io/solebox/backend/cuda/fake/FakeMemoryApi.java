package io.solebox.backend.cuda.fake;

import java.lang.foreign.MemorySegment;

/** Memory and copies of the fake driver. */
final class FakeMemoryApi {
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
    if (bytes <= 0 || flags != 0) {
      return FakeError.INVALID_VALUE;
    }
    Native.putLong(out, driver.here().pin(bytes).address());
    return 0;
  }

  int cuMemFreeHost(long address) {
    driver.here().unpin(address);
    return 0;
  }

  int cuMemcpyHtoDAsync_v2(long to, MemorySegment from, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, to, bytes);
    device.pinned(from.address(), bytes);
    stream(stream)
        .add(() -> device.heap().segment(to, bytes).copyFrom(device.pinned(from.address(), bytes)));
    return 0;
  }

  int cuMemcpyDtoHAsync_v2(MemorySegment to, long from, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, from, bytes);
    device.pinned(to.address(), bytes);
    stream(stream)
        .add(() -> device.pinned(to.address(), bytes).copyFrom(device.heap().segment(from, bytes)));
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

  int cuMemsetD8Async(long address, byte value, long bytes, long stream) {
    FakeDevice device = driver.here();
    requireHeld(device, address, bytes);
    stream(stream).add(() -> device.heap().segment(address, bytes).fill(value));
    return 0;
  }

  /** The driver checks at the call; a kernel's accesses are found when it runs. */
  private static void requireHeld(FakeDevice device, long address, long bytes) {
    try {
      device.heap().holding(address, bytes);
    } catch (KernelFault e) {
      throw new FakeError(FakeError.INVALID_VALUE, e.getMessage());
    }
  }

  private FakeStream stream(long handle) {
    return driver.here().get(handle, FakeStream.class);
  }
}
