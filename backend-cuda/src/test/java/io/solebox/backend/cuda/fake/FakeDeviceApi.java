package io.solebox.backend.cuda.fake;

import java.lang.foreign.MemorySegment;

/** Errors, devices and contexts of the fake driver; what each does is the driver's manual. */
final class FakeDeviceApi {
  private static final int KNOWN_CODES = 1000;

  private final FakeDriver driver;

  FakeDeviceApi(FakeDriver driver) {
    this.driver = driver;
  }

  int cuGetErrorName(int code, MemorySegment out) {
    if (code >= KNOWN_CODES) {
      return FakeError.INVALID_VALUE;
    }
    Native.putLong(out, driver.text(FakeError.name(code)).address());
    return 0;
  }

  int cuGetErrorString(int code, MemorySegment out) {
    if (code >= KNOWN_CODES) {
      return FakeError.INVALID_VALUE;
    }
    Native.putLong(out, driver.text(driver.explanation(code)).address());
    return 0;
  }

  int cuInit(int flags) {
    driver.initialize();
    return flags == 0 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuDriverGetVersion(MemorySegment out) {
    Native.putInt(out, driver.device(0).gpu.cudaVersion());
    return 0;
  }

  int cuDeviceGetCount(MemorySegment out) {
    Native.putInt(out, driver.devices().size());
    return 0;
  }

  int cuDeviceGet(MemorySegment out, int ordinal) {
    driver.device(ordinal);
    Native.putInt(out, ordinal);
    return 0;
  }

  int cuDeviceGetName(MemorySegment out, int bytes, int device) {
    Native.putText(out, bytes, driver.device(device).gpu.name());
    return 0;
  }

  int cuDeviceGetPCIBusId(MemorySegment out, int bytes, int device) {
    driver.device(device);
    Native.putText(out, bytes, "0000:%02x:00.0".formatted(device + 1));
    return 0;
  }

  int cuDeviceGetAttribute(MemorySegment out, int attribute, int device) {
    FakeGpu gpu = driver.device(device).gpu;
    int capability = gpu.computeCapability();
    Native.putInt(
        out,
        switch (attribute) {
          case 1 -> 1024;
          case 13 -> 1_500_000;
          case 16 -> gpu.multiprocessors();
          case 36 -> 1_000_000;
          case 37 -> 4096;
          case 38 -> 6 << 20;
          case 75 -> capability / 10;
          case 76 -> capability % 10;
          case 81, 97 -> sharedBytes(capability);
          default -> throw new FakeError(FakeError.INVALID_VALUE, "attribute " + attribute);
        });
    return 0;
  }

  static int sharedBytes(int capability) {
    if (capability >= 90) {
      return 227 << 10;
    }
    return capability >= 80 ? 163 << 10 : 96 << 10;
  }

  int cuDeviceTotalMem_v2(MemorySegment out, int device) {
    Native.putLong(out, driver.device(device).gpu.memoryBytes());
    return 0;
  }

  int cuDevicePrimaryCtxSetFlags_v2(int device, int flags) {
    driver.device(device);
    return flags >= 0 ? 0 : FakeError.INVALID_VALUE;
  }

  int cuDevicePrimaryCtxRetain(MemorySegment out, int device) {
    Native.putLong(out, driver.device(device).retain());
    return 0;
  }

  int cuDevicePrimaryCtxRelease_v2(int device) {
    driver.device(device).release();
    return 0;
  }

  int cuDevicePrimaryCtxReset_v2(int device) {
    driver.device(device).destroyContext();
    return 0;
  }

  int cuCtxSetCurrent(long context) {
    driver.setCurrent(new FakeDriver.Current(driver.reach().ordinalOf(context), context));
    return 0;
  }
}
