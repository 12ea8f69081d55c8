package io.solebox.backend.cuda.driver;

import java.lang.foreign.MemorySegment;

/** One allocation on the device. */
public final class DeviceMemory implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final long address;
  private final long bytes;
  private boolean closed;

  private DeviceMemory(CudaThread gpu, long address, long bytes) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.address = address;
    this.bytes = bytes;
  }

  /** What the device has, in bytes. */
  public record Info(long free, long total) {}

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY}
   */
  public static DeviceMemory allocate(CudaThread gpu, long bytes) {
    gpu.requireOwnThread();
    return new DeviceMemory(gpu, gpu.driver().memory().allocate(bytes), bytes);
  }

  public static Info info(CudaThread gpu) {
    return gpu.call(() -> gpu.driver().memory().info());
  }

  /** As kernels take it. Aligned to 256 bytes. */
  public long address() {
    return address;
  }

  public long bytes() {
    return bytes;
  }

  /** Copies from any memory of the host, and waits for it. */
  public void write(MemorySegment from) {
    gpu.requireOwnThread();
    gpu.driver().memory().write(address, from);
  }

  /** Fills any memory of the host, and waits for it. */
  public void read(MemorySegment to) {
    gpu.requireOwnThread();
    gpu.driver().memory().read(to, address);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().memory().free(address));
    }
  }
}
