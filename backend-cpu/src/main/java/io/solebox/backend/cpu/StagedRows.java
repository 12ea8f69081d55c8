package io.solebox.backend.cpu;

import io.solebox.engine.graph.Weight;
import java.lang.foreign.MemorySegment;

/**
 * A thread's buffer for rows on their way from a mapped file to a kernel. Java copies them there: a
 * page that the file has lost becomes an {@link InternalError} in Java, and the end of the process
 * in C.
 */
record StagedRows(MemorySegment buffer) {
  /** Copies rows of the weight, in the format that it is computed in, to the buffer's start. */
  void copy(Weight weight, int row, int count) {
    weight.copyRows(row, count, buffer);
  }

  /** Repacks {@code count} rows from {@code row} on, the first of a group, to {@code out}. */
  void repack(Repacker repacker, Weight weight, int row, int count, MemorySegment out) {
    int groupRows = repacker.groupRows();
    int most = Math.toIntExact(buffer.byteSize() / repacker.groupBytes(weight)) * groupRows;
    for (int done = 0; done < count; done += most) {
      int n = Math.min(most, count - done);
      copy(weight, row + done, n);
      long at = done / groupRows * repacker.groupBytes(weight);
      repacker.run(weight, buffer, n, out.asSlice(at));
    }
  }
}
