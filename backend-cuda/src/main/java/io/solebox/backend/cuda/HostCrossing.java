package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;

/** In pinned memory of the host, from and to which the copy engines of both GPUs work. */
final class HostCrossing implements Crossing {
  private final CudaThread owner;
  private final long bytes;
  private PinnedMemory memory;
  private int generation;

  /**
   * @param owner the receiver
   * @throws io.solebox.engine.error.SoleboxException {@code OUT_OF_MEMORY}
   */
  HostCrossing(CudaThread owner, long bytes) {
    this.owner = owner;
    this.bytes = bytes;
    this.memory = allocate();
  }

  private PinnedMemory allocate() {
    generation = owner.generation();
    return owner.call(() -> PinnedMemory.allocateShared(owner, bytes));
  }

  @Override
  public void makeReady() {
    Crossing.requireThere(owner);
    if (generation != owner.generation()) {
      memory.close();
      memory = allocate();
    }
  }

  @Override
  public void requireReceiver() {
    DeviceMemory.info(owner);
  }

  @Override
  public void leave(Stream stream, long source, long at, long count) {
    stream.download(source, memory.segment().asSlice(at, count));
  }

  @Override
  public void take(Stream stream, long at, long target, long count) {
    stream.upload(memory.segment().asSlice(at, count), target);
  }

  @Override
  public void close() {
    memory.close();
  }
}
