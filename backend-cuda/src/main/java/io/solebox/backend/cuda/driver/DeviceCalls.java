package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** What the driver says of itself and its devices, and the primary context of each. */
final class DeviceCalls {
  private static final int NAME_BYTES = 256;

  /** A thread that waits sleeps instead of spinning: cores are few beside a GPU. */
  private static final int SCHEDULE_BLOCKING_SYNC = 4;

  private final Function init;
  private final Function driverVersion;
  private final Function count;
  private final Function get;
  private final Function name;
  private final Function attribute;
  private final Function totalMemory;
  private final Function pciBusId;
  private final Function setFlags;
  private final Function retain;
  private final Function release;
  private final Function reset;
  private final Function setCurrent;

  DeviceCalls(SymbolLookup library, ErrorTexts texts) {
    init = new Function(library, texts, "cuInit", JAVA_INT);
    driverVersion = new Function(library, texts, "cuDriverGetVersion", ADDRESS);
    count = new Function(library, texts, "cuDeviceGetCount", ADDRESS);
    get = new Function(library, texts, "cuDeviceGet", ADDRESS, JAVA_INT);
    name = new Function(library, texts, "cuDeviceGetName", ADDRESS, JAVA_INT, JAVA_INT);
    attribute = new Function(library, texts, "cuDeviceGetAttribute", ADDRESS, JAVA_INT, JAVA_INT);
    totalMemory = new Function(library, texts, "cuDeviceTotalMem_v2", ADDRESS, JAVA_INT);
    pciBusId = new Function(library, texts, "cuDeviceGetPCIBusId", ADDRESS, JAVA_INT, JAVA_INT);
    setFlags = new Function(library, texts, "cuDevicePrimaryCtxSetFlags_v2", JAVA_INT, JAVA_INT);
    retain = new Function(library, texts, "cuDevicePrimaryCtxRetain", ADDRESS, JAVA_INT);
    release = new Function(library, texts, "cuDevicePrimaryCtxRelease_v2", JAVA_INT);
    reset = new Function(library, texts, "cuDevicePrimaryCtxReset_v2", JAVA_INT);
    setCurrent = new Function(library, texts, "cuCtxSetCurrent", JAVA_LONG);
  }

  /** Must come before every other call; calling it again is free. */
  void init() {
    init.check(() -> (int) init.handle.invokeExact(0));
  }

  /** The newest CUDA that the driver knows, as in 12040 for 12.4. */
  int driverVersion() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      driverVersion.check(() -> (int) driverVersion.handle.invokeExact(out));
      return out.get(JAVA_INT, 0);
    }
  }

  int count() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      count.check(() -> (int) count.handle.invokeExact(out));
      return out.get(JAVA_INT, 0);
    }
  }

  /** The driver's handle of the device with this ordinal. */
  int get(int ordinal) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      get.check(() -> (int) get.handle.invokeExact(out, ordinal));
      return out.get(JAVA_INT, 0);
    }
  }

  String name(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_BYTE, NAME_BYTES);
      name.check(() -> (int) name.handle.invokeExact(out, NAME_BYTES, device));
      return out.getString(0);
    }
  }

  /** As in {@code 0000:01:00.0}, the name that nvidia-smi and the kernel's log use. */
  String pciBusId(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_BYTE, NAME_BYTES);
      pciBusId.check(() -> (int) pciBusId.handle.invokeExact(out, NAME_BYTES, device));
      return out.getString(0);
    }
  }

  int attribute(DeviceAttribute which, int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_INT);
      attribute.check(() -> (int) attribute.handle.invokeExact(out, which.number(), device));
      return out.get(JAVA_INT, 0);
    }
  }

  long totalMemory(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      totalMemory.check(() -> (int) totalMemory.handle.invokeExact(out, device));
      return out.get(JAVA_LONG, 0);
    }
  }

  /** Makes the device's primary context, or counts one more user of it. */
  long retainContext(int device) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      setFlags.check(() -> (int) setFlags.handle.invokeExact(device, SCHEDULE_BLOCKING_SYNC));
      retain.check(() -> (int) retain.handle.invokeExact(out, device));
      return out.get(JAVA_LONG, 0);
    }
  }

  void releaseContext(int device) {
    release.check(() -> (int) release.handle.invokeExact(device));
  }

  /** Destroys the primary context with everything in it, whoever uses it. */
  void resetContext(int device) {
    reset.check(() -> (int) reset.handle.invokeExact(device));
  }

  /** Of the calling thread. */
  void setCurrentContext(long context) {
    setCurrent.check(() -> (int) setCurrent.handle.invokeExact(context));
  }
}
