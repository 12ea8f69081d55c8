package io.solebox.backend.cuda.driver;

/** An entry point of a {@link Module}; usable while that is loaded. */
public record Kernel(long handle, String entry) {

  /**
   * What a kernel takes of the device.
   *
   * @param localBytes memory per thread that did not fit in registers; none in our kernels
   */
  public record Resources(int registers, int localBytes, int sharedBytes, int maxThreads) {
    private static final int MAX_THREADS = 0;
    private static final int SHARED_BYTES = 1;
    private static final int LOCAL_BYTES = 3;
    private static final int REGISTERS = 4;

    static Resources of(Kernel kernel, ModuleCalls calls) {
      return new Resources(
          calls.attribute(kernel.handle, REGISTERS),
          calls.attribute(kernel.handle, LOCAL_BYTES),
          calls.attribute(kernel.handle, SHARED_BYTES),
          calls.attribute(kernel.handle, MAX_THREADS));
    }
  }
}
