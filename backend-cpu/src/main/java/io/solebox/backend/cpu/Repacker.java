package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/** Brings a matrix into the layout that its kernels want, group of rows by group of rows. */
interface Repacker {
  /** Rows of a group, which takes as much memory as they do in the file. */
  int groupRows();

  /**
   * @param weight whose format and columns count
   * @param rows some of its rows as the file has them, from the start of a group on
   * @param count of these rows; what is left of the last group becomes zeros
   * @param out where the first of the groups begins
   */
  void run(Weight weight, MemorySegment rows, int count, MemorySegment out);

  default int groups(Weight weight) {
    return Math.ceilDiv(weight.rows(), groupRows());
  }

  default long groupBytes(Weight weight) {
    return groupRows() * weight.rowBytes();
  }

  /** Bytes of the whole matrix. */
  default long bytes(Weight weight) {
    return groups(weight) * groupBytes(weight);
  }
}
