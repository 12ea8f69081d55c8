package io.solebox.backend.cuda.driver;

import java.lang.foreign.MemorySegment;

/**
 * A queue of device work. Everything here but {@link #synchronize} returns before the work is done,
 * and copies read or write their host memory until then.
 */
public final class Stream implements AutoCloseable {
  private final CudaThread gpu;
  private final int generation;
  private final long handle;
  private boolean closed;

  private Stream(CudaThread gpu, long handle) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.handle = handle;
  }

  public static Stream create(CudaThread gpu) {
    gpu.requireOwnThread();
    return new Stream(gpu, gpu.driver().streams().create());
  }

  /**
   * @param from pinned
   * @param to address on the device
   */
  public void upload(MemorySegment from, long to) {
    gpu.driver().memory().hostToDevice(to, from, from.byteSize(), handle);
  }

  /**
   * @param from address on the device
   * @param to pinned; filled to its end
   */
  public void download(long from, MemorySegment to) {
    gpu.driver().memory().deviceToHost(to, from, to.byteSize(), handle);
  }

  /** Between two addresses on the device. */
  public void copy(long from, long to, long bytes) {
    gpu.driver().memory().deviceToDevice(to, from, bytes, handle);
  }

  /**
   * From this device to another, or the other way round: whose memory each address is in says its
   * GPU. Goes past the host where {@link PeerAccess} is enabled either way.
   */
  public void copy(CudaThread fromGpu, long from, CudaThread toGpu, long to, long bytes) {
    PeerCalls calls = gpu.driver().peers();
    calls.copy(to, toGpu.context(), from, fromGpu.context(), bytes, handle);
  }

  public void fill(long address, byte value, long bytes) {
    gpu.driver().memory().fill(address, value, bytes, handle);
  }

  /** The arguments are copied before this returns. */
  public void launch(Kernel kernel, Grid grid, Arguments arguments) {
    gpu.driver().modules().launch(kernel.handle(), grid, handle, arguments.of(kernel));
  }

  /**
   * As {@link #launch}, for a kernel that itself waits for the one before it with {@code
   * griddepcontrol.wait}: it may start while that one ends. From compute capability 9.0.
   */
  public void launchEarly(Kernel kernel, Grid grid, Arguments arguments) {
    gpu.driver().modules().launchEarly(kernel.handle(), grid, handle, arguments.of(kernel));
  }

  /** Records what {@code work} launches on this stream, without running it. */
  public Graph capture(Runnable work) {
    GraphCalls calls = gpu.driver().graphs();
    calls.beginCapture(handle);
    long graph;
    try {
      work.run();
    } finally {
      graph = calls.endCapture(handle); // also after a failure: the stream is of no use before
    }
    try {
      return new Graph(gpu, calls.instantiate(graph));
    } finally {
      calls.destroy(graph);
    }
  }

  public void launch(Graph graph) {
    gpu.driver().graphs().launch(graph.handle(), handle);
  }

  /** Marks the end of what was queued so far. */
  public void record(Event event) {
    gpu.driver().streams().record(event.handle(), handle);
  }

  /** Later work here begins after what {@code event} marked last. */
  public void waitFor(Event event) {
    gpu.driver().streams().waitFor(handle, event.handle());
  }

  /** Whether all work queued here is done; reports what failed in it. */
  public boolean isDone() {
    gpu.requireOwnThread();
    return gpu.driver().streams().isDone(handle);
  }

  /** Waits until all work queued here is done, and reports what failed in it. */
  public void synchronize() {
    synchronize(0);
  }

  /**
   * The same.
   *
   * @param expectedNanos that such work took before; 0 when nothing is known
   */
  public void synchronize(long expectedNanos) {
    synchronize(gpu.patience(), expectedNanos);
  }

  /** The same, waiting in another way than usual. */
  public void synchronize(Patience waiting, long expectedNanos) {
    gpu.requireOwnThread();
    waiting.await(this::isDone, expectedNanos);
    gpu.driver().streams().synchronize(handle);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      gpu.release(generation, () -> gpu.driver().streams().destroy(handle));
    }
  }
}
