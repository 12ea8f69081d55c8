package io.solebox.backend.cuda.driver;

/** Kernels of one PTX file, compiled by the driver for this device, or of one cubin. */
public final class Module implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final long handle;
  private boolean closed;

  private Module(CudaThread gpu, long handle) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.handle = handle;
  }

  /**
   * Compiles, or finds it in the driver's cache ({@code ~/.nv}).
   *
   * @param name of the file, for errors
   * @param image PTX as text that ends with a zero, or a cubin
   * @throws io.solebox.engine.error.SoleboxException with the compiler's log when the driver
   *     refuses
   */
  public static Module load(CudaThread gpu, String name, byte[] image) {
    gpu.requireOwnThread();
    return new Module(gpu, gpu.driver().modules().load(name, image));
  }

  /** The kernel of this entry point. */
  public Kernel kernel(String entry) {
    return new Kernel(gpu.driver().modules().function(handle, entry), entry);
  }

  /** Lets {@code kernel} be launched with this much dynamic shared memory; needed above 48 KiB. */
  public void allowSharedBytes(Kernel kernel, int bytes) {
    gpu.driver().modules().allowSharedBytes(kernel.handle(), bytes);
  }

  /** Numbers that the compiler gave a kernel. */
  public Kernel.Resources resources(Kernel kernel) {
    ModuleCalls calls = gpu.driver().modules();
    return Kernel.Resources.of(kernel, calls);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().modules().unload(handle));
    }
  }
}
