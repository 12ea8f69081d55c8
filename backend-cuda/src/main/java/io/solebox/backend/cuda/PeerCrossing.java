package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.Stream;

/** In the memory of the receiver, into which the sender reaches. */
final class PeerCrossing implements Crossing {
  private final Peers from;
  private final Peers to;
  private final long bytes;
  private DeviceMemory memory;
  private int generation;

  /**
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY}
   */
  PeerCrossing(Peers from, Peers to, long bytes) {
    this.from = from;
    this.to = to;
    this.bytes = bytes;
    this.memory = allocate();
  }

  private DeviceMemory allocate() {
    CudaThread gpu = to.gpu();
    generation = gpu.generation();
    return gpu.call(() -> DeviceMemory.allocate(gpu, bytes));
  }

  @Override
  public void makeReady() {
    Crossing.requireThere(to.gpu());
    if (generation != to.gpu().generation()) {
      memory.close();
      memory = allocate();
    }
    from.to(to); // also lets the sender in again
  }

  @Override
  public void requireReceiver() {
    DeviceMemory.info(to.gpu());
  }

  @Override
  public void leave(Stream stream, long source, long at, long count) {
    stream.copy(from.gpu(), source, to.gpu(), memory.address() + at, count);
  }

  @Override
  public void take(Stream stream, long at, long target, long count) {
    stream.copy(memory.address() + at, target, count);
  }

  @Override
  public void close() {
    memory.close();
  }
}
