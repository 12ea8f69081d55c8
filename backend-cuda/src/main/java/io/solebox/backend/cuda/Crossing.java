package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.CudaThread;
import io.solebox.backend.cuda.driver.Stream;
import io.solebox.engine.backend.HiddenPlace;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Memory that two GPUs both reach, for what one has to hand over to the other. */
interface Crossing extends AutoCloseable {
  /**
   * Called before the sender's step, on no GPU's thread: the memory is there, whatever contexts
   * were lost before.
   *
   * @throws SoleboxException {@code DEVICE_UNAVAILABLE} where one of both GPUs is lost
   */
  void makeReady();

  /**
   * Asks the receiver's driver for a sign of life, on no GPU's thread.
   *
   * @throws SoleboxException what it says instead
   */
  void requireReceiver();

  /**
   * Queues a copy from the sender's memory, on the sender's thread.
   *
   * @param at where in here, in bytes
   */
  void leave(Stream stream, long from, long at, long bytes);

  /** Queues a copy to the receiver's memory, on the receiver's thread. */
  void take(Stream stream, long at, long to, long bytes);

  @Override
  void close();

  /** For {@link #makeReady}: nothing may be copied to or from a GPU that is lost. */
  static void requireThere(CudaThread gpu) {
    if (gpu.lost()) {
      throw new SoleboxException(
          ErrorCode.DEVICE_UNAVAILABLE,
          gpu.place(),
          "The GPU is lost, to which another one has something to hand over.",
          "Send the request again: the GPU is set up anew, if its driver allows it.");
    }
  }

  /**
   * Rows of it, as stages know them.
   *
   * @param firstRow of the whole that is row 0 here
   */
  record Place(Crossing crossing, int firstRow) implements HiddenPlace.OfBackend {
    @Override
    public HiddenPlace from(int row) {
      return new Place(crossing, firstRow + row);
    }

    @Override
    public void close() {
      crossing.close();
    }
  }
}
