package io.solebox.backend.cuda.driver;

/** Work recorded by {@link Stream#capture}, launched as one; its arguments are fixed. */
public final class Graph implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final long handle;
  private boolean closed;

  Graph(CudaThread gpu, long handle) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.handle = handle;
  }

  long handle() {
    return handle;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().graphs().destroyExec(handle));
    }
  }
}
