package io.solebox.backend.cpu;

import io.solebox.backend.cpu.kernel.RopeKernel;
import io.solebox.engine.graph.Rotation;

/** Fills the table that all ropes of one rotation share. */
record RopeTableStep(Rotation rotation, Buffer table) implements RowStep {
  @Override
  public void run(int token, Frame frame, int worker) {
    int position = frame.batch().positions()[token];
    RopeKernel.table(rotation, position, table.data(), table.at(token));
  }
}
