package io.solebox.backend.cuda;

/** A rank's place at a {@link CudaExchange}: where its kernels meet those of the others. */
interface Seat {
  /** Of a plan that is no rank. */
  Seat NONE = new Alone();

  SumRoom room();

  /** Address of the table that its kernels take. */
  long table();

  /** Whether a sum of so many bytes goes to all at once; else in two steps, with fewer bytes. */
  boolean inOneShot(long bytes);

  /**
   * Before a step.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code DEVICE_UNAVAILABLE} where the memory
   *     that ranks meet in is gone, with the context of any of them
   */
  void requireReady();

  /**
   * After a part of a step.
   *
   * @throws io.solebox.engine.error.SoleboxException {@code DEVICE_UNAVAILABLE} where a sum did not
   *     come about, since another rank did not come
   */
  void requireSummed();

  /** Sums nothing, and waits for nobody. */
  final class Alone implements Seat {
    private Alone() {}

    @Override
    public SumRoom room() {
      return new SumRoom(0);
    }

    @Override
    public long table() {
      throw new AssertionError("a rank without the others");
    }

    @Override
    public boolean inOneShot(long bytes) {
      throw new AssertionError("a rank without the others");
    }

    @Override
    public void requireReady() {}

    @Override
    public void requireSummed() {}
  }
}
