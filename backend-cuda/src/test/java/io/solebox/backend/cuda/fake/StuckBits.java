package io.solebox.backend.cuda.fake;

import java.util.ArrayList;
import java.util.List;

/** Cells of a device's memory that are broken: whatever is written there, a bit stays 1. */
final class StuckBits {
  private final List<Cell> cells = new ArrayList<>();

  private record Cell(long address, int bit) {}

  void add(long address, int bit) {
    cells.add(new Cell(address, bit));
  }

  /** What was written is as the cells keep it. */
  void spoil(DeviceHeap heap) {
    for (Cell cell : cells) {
      DeviceHeap.Allocation at = heap.at(cell.address);
      if (at != null && at.holds(cell.address, 1)) {
        at.data()[(int) (cell.address - at.base())] |= (byte) (1 << cell.bit);
      }
    }
  }
}
