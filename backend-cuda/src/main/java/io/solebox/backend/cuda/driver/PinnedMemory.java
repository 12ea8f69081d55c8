package io.solebox.backend.cuda.driver;

import java.lang.foreign.MemorySegment;

/**
 * Host memory that the device can copy from and to while the processor does something else. Must
 * not be closed before the copies that use it have ended.
 */
public final class PinnedMemory implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final MemorySegment segment;
  private boolean closed;

  private PinnedMemory(CudaThread gpu, MemorySegment segment) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.segment = segment;
  }

  public static PinnedMemory allocate(CudaThread gpu, long bytes) {
    gpu.requireOwnThread();
    return new PinnedMemory(gpu, gpu.driver().memory().allocateHost(bytes, 0));
  }

  /** The same for all GPUs of the driver, whose kernels can read and write it, too. */
  public static PinnedMemory allocateShared(CudaThread gpu, long bytes) {
    gpu.requireOwnThread();
    int flags = MemoryCalls.PORTABLE | MemoryCalls.MAPPED;
    return new PinnedMemory(gpu, gpu.driver().memory().allocateHost(bytes, flags));
  }

  public MemorySegment segment() {
    return segment;
  }

  /**
   * Where kernels of {@code user} find it, if it is shared. What they write there the host and
   * other GPUs see in the order of fences of the whole system.
   */
  public long addressFor(CudaThread user) {
    return user.call(() -> user.driver().peers().devicePointer(segment));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().memory().freeHost(segment));
    }
  }
}
