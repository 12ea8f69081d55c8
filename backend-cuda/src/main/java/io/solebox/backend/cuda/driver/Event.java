package io.solebox.backend.cuda.driver;

/** A mark in a stream, to wait for and to measure from. */
public final class Event implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final long handle;
  private boolean closed;

  private Event(CudaThread gpu, long handle) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.handle = handle;
  }

  public static Event create(CudaThread gpu) {
    gpu.requireOwnThread();
    return new Event(gpu, gpu.driver().streams().createEvent());
  }

  long handle() {
    return handle;
  }

  /** Waits until the work before the mark is done. */
  public void synchronize() {
    gpu.requireOwnThread();
    gpu.driver().streams().synchronizeEvent(handle);
  }

  /** Device time between two marks that were both reached. */
  public float millisSince(Event earlier) {
    return gpu.driver().streams().elapsedMillis(earlier.handle, handle);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().streams().destroyEvent(handle));
    }
  }
}
