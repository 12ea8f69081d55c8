package io.solebox.backend.cuda.driver;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;

/** Memory of the device, pinned memory of the host, and copies between them. */
final class MemoryCalls {
  /** For all contexts, not only the one that it is made in. */
  static final int PORTABLE = 1;

  /** Kernels find it among their addresses. */
  static final int MAPPED = 2;

  private final Function info;
  private final Function allocate;
  private final Function free;
  private final Function allocateHost;
  private final Function freeHost;
  private final Function hostToDevice;
  private final Function deviceToHost;
  private final Function deviceToDevice;
  private final Function fill;
  private final Function write;
  private final Function read;

  MemoryCalls(SymbolLookup library, ErrorTexts texts) {
    info = new Function(library, texts, "cuMemGetInfo_v2", ADDRESS, ADDRESS);
    allocate = new Function(library, texts, "cuMemAlloc_v2", ADDRESS, JAVA_LONG);
    free = new Function(library, texts, "cuMemFree_v2", JAVA_LONG);
    allocateHost = new Function(library, texts, "cuMemHostAlloc", ADDRESS, JAVA_LONG, JAVA_INT);
    freeHost = new Function(library, texts, "cuMemFreeHost", JAVA_LONG);
    hostToDevice =
        new Function(
            library, texts, "cuMemcpyHtoDAsync_v2", JAVA_LONG, ADDRESS, JAVA_LONG, JAVA_LONG);
    deviceToHost =
        new Function(
            library, texts, "cuMemcpyDtoHAsync_v2", ADDRESS, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    deviceToDevice =
        new Function(
            library, texts, "cuMemcpyDtoDAsync_v2", JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG);
    fill =
        new Function(library, texts, "cuMemsetD8Async", JAVA_LONG, JAVA_BYTE, JAVA_LONG, JAVA_LONG);
    write = new Function(library, texts, "cuMemcpyHtoD_v2", JAVA_LONG, ADDRESS, JAVA_LONG);
    read = new Function(library, texts, "cuMemcpyDtoH_v2", ADDRESS, JAVA_LONG, JAVA_LONG);
  }

  /** Free and total bytes of the current context's device. */
  DeviceMemory.Info info() {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment free = arena.allocate(JAVA_LONG);
      MemorySegment total = arena.allocate(JAVA_LONG);
      info.check(() -> (int) info.handle.invokeExact(free, total));
      return new DeviceMemory.Info(free.get(JAVA_LONG, 0), total.get(JAVA_LONG, 0));
    }
  }

  long allocate(long bytes) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(JAVA_LONG);
      allocate.check(() -> (int) allocate.handle.invokeExact(out, bytes));
      return out.get(JAVA_LONG, 0);
    }
  }

  void free(long address) {
    free.check(() -> (int) free.handle.invokeExact(address));
  }

  /**
   * Pinned.
   *
   * @param flags {@link #PORTABLE} and {@link #MAPPED}
   */
  MemorySegment allocateHost(long bytes, int flags) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment out = arena.allocate(ADDRESS);
      allocateHost.check(() -> (int) allocateHost.handle.invokeExact(out, bytes, flags));
      return out.get(ADDRESS, 0).reinterpret(bytes);
    }
  }

  void freeHost(MemorySegment memory) {
    freeHost.check(() -> (int) freeHost.handle.invokeExact(memory.address()));
  }

  void hostToDevice(long to, MemorySegment from, long bytes, long stream) {
    hostToDevice.check(() -> (int) hostToDevice.handle.invokeExact(to, from, bytes, stream));
  }

  void deviceToHost(MemorySegment to, long from, long bytes, long stream) {
    deviceToHost.check(() -> (int) deviceToHost.handle.invokeExact(to, from, bytes, stream));
  }

  void deviceToDevice(long to, long from, long bytes, long stream) {
    deviceToDevice.check(() -> (int) deviceToDevice.handle.invokeExact(to, from, bytes, stream));
  }

  void fill(long address, byte value, long bytes, long stream) {
    fill.check(() -> (int) fill.handle.invokeExact(address, value, bytes, stream));
  }

  /** From memory that need not be pinned; the copy is done when this returns. */
  void write(long to, MemorySegment from) {
    long bytes = from.byteSize();
    write.check(() -> (int) write.handle.invokeExact(to, from, bytes));
  }

  /** To memory that need not be pinned; the copy is done when this returns. */
  void read(MemorySegment to, long from) {
    long bytes = to.byteSize();
    read.check(() -> (int) read.handle.invokeExact(to, from, bytes));
  }
}
