package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/** Brings a matrix into the layout that its kernels want, group of rows by group of rows. */
interface Repacker {
  /** Rows of a group. */
  int groupRows();

  /**
   * @param weight whose format and columns count
   * @param rows some of its rows, from the start of a group on
   * @param count of these rows; what is left of the last group becomes zeros
   * @param out where the first of the groups begins
   */
  void run(Weight weight, MemorySegment rows, int count, MemorySegment out);

  /** For kernels that take a weight as the file has it, where the file has another format. */
  record AsItIs() implements Repacker {
    @Override
    public int groupRows() {
      return 1;
    }

    @Override
    public void run(Weight weight, MemorySegment rows, int count, MemorySegment out) {
      MemorySegment.copy(rows, 0, out, 0, count * weight.rowBytes());
    }
  }

  default int groups(Weight weight) {
    return Math.ceilDiv(weight.rows(), groupRows());
  }

  /** What a group takes in memory: at least as much as its rows do in the file. */
  default long groupBytes(Weight weight) {
    return groupRows() * weight.rowBytes();
  }

  /** Bytes of the whole matrix. */
  default long bytes(Weight weight) {
    return groups(weight) * groupBytes(weight);
  }
}
