package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;

/** Keeps the rows that the batch asks for. */
record SelectRowsStep(Buffer x, Buffer out) implements RowStep {
  @Override
  public void run(int row, Frame frame, int worker) {
    int token = frame.batch().rows().get(row).token();
    MemorySegment.copy(x.data(), x.at(token), out.data(), out.at(row), x.rowBytes());
  }
}
