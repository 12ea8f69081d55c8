package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Arguments;
import io.solebox.backend.cuda.driver.Grid;
import io.solebox.backend.cuda.driver.Kernel;

/** The kernels of a sum over several cards, on one of them. Used on the GPU's thread. */
record Sums(Kernels kernels, Seat seat, Launcher.Sink sink) {
  private static final String MODULE = "all_reduce";

  /**
   * Addresses of f32 vectors.
   *
   * @param out for the result
   * @param x this rank's part
   * @param residual added to the sum; 0 for none
   */
  record Operands(long out, long x, long residual) {}

  /** In pieces, where it is longer than a slot: all ranks cut alike. */
  void launch(Arguments arguments, Operands of, long count) {
    // Both: the driver may put one off until it is asked for, when the others wait already.
    Kernel oneShot = kernels.get(MODULE, "all_reduce_one_shot");
    Kernel twoShots = kernels.get(MODULE, "all_reduce_two_shots");
    int slot = seat.room().slotFloats();
    Grid grid = Grid.of(seat.room().blocks(), SumRoom.THREADS);
    for (long from = 0; from < count; from += slot) {
      int piece = (int) Math.min(slot, count - from);
      long offset = Float.BYTES * from;
      arguments.start().pointer(of.out + offset).pointer(of.x + offset);
      arguments.pointer(of.residual == 0 ? 0 : of.residual + offset);
      arguments.pointer(seat.table()).integer(piece);
      boolean once = seat.inOneShot((long) Float.BYTES * piece);
      sink.launch(once ? oneShot : twoShots, grid, arguments);
    }
  }
}
