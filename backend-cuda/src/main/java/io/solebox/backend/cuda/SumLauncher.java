package io.solebox.backend.cuda;

import io.solebox.backend.cuda.driver.Grid;

/** Launches sums over several cards. */
final class SumLauncher extends Launcher {
  private static final String MODULE = "all_reduce";

  SumLauncher(Kernels kernels, Footprint footprint, DeviceState state, Sink sink) {
    super(kernels, footprint, state, sink);
  }

  /** In pieces, where it is longer than a slot: all ranks cut alike. */
  void launch(SumNode n, int count) {
    Seat seat = state.seat();
    // Both at once: the driver may compile one when it is asked for, and the others would wait.
    kernels.get(MODULE, "all_reduce_one_shot");
    kernels.get(MODULE, "all_reduce_two_shots");
    int total = Math.multiplyExact(count, n.out().width());
    int slot = seat.room().slotFloats();
    for (int from = 0; from < total; from += slot) {
      int piece = Math.min(slot, total - from);
      long offset = (long) Float.BYTES * from;
      arguments.start().pointer(at(n.out()) + offset).pointer(at(n.x()) + offset);
      arguments.pointer(n.residual().map(v -> at(v) + offset).orElse(NONE));
      arguments.pointer(seat.table()).integer(piece);
      boolean once = seat.inOneShot((long) Float.BYTES * piece);
      String entry = once ? "all_reduce_one_shot" : "all_reduce_two_shots";
      run(MODULE, entry, Grid.of(seat.room().blocks(), SumRoom.THREADS));
    }
  }
}
