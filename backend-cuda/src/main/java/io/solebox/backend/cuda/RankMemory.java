package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.DeviceMemory;
import io.solebox.backend.cuda.driver.PinnedMemory;
import io.solebox.backend.cuda.driver.Stream;

/** What an exchange holds on the device of one rank; gone with its context. */
final class RankMemory implements AutoCloseable {
  private static final long FAILED_AT = 384;
  private static final long SUMS_AT = 512;

  private final CudaThread gpu;
  private final int generation;
  private final SumRoom room;
  private final Owned owned;
  private final DeviceMemory own; // table, failed, sums
  private final DeviceMemory inbox;
  private final PinnedMemory staging;
  private final Stream stream;

  /**
   * On the GPU's thread.
   *
   * @param writers other ranks that write here
   */
  RankMemory(CudaThread gpu, SumRoom room, int writers) {
    this.gpu = gpu;
    this.generation = gpu.generation();
    this.room = room;
    this.owned = new Owned(gpu);
    try {
      own = owned.device(ownBytes(room));
      inbox = owned.device(writers * room.placeBytes());
      staging = owned.pinned(ExchangeTable.BYTES);
      stream = owned.stream();
    } catch (Throwable t) {
      owned.close();
      throw t;
    }
  }

  static long ownBytes(SumRoom room) {
    return SUMS_AT + (long) Integer.BYTES * room.blocks();
  }

  /** Whether it is still there. */
  boolean intact() {
    return !gpu.lost() && gpu.generation() == generation;
  }

  long table() {
    return own.address();
  }

  ExchangeTable.Words words(long stop, long verdict) {
    return new ExchangeTable.Words(
        own.address() + SUMS_AT, own.address() + FAILED_AT, stop, verdict);
  }

  /** Where one of the others writes. */
  long place(int writer) {
    return inbox.address() + writer * room.placeBytes();
  }

  /** Begins at no sum, with nothing said; done when this returns. */
  void begin(ExchangeTable table) {
    gpu.run(
        () -> {
          table.write(room, staging.segment());
          stream.fill(own.address(), (byte) 0, own.bytes());
          stream.fill(inbox.address(), (byte) 0, inbox.bytes());
          stream.upload(staging.segment(), own.address());
          stream.synchronize();
        });
  }

  @Override
  public void close() {
    owned.close();
  }
}
