package io.solebox.backend.cpu;

import java.lang.foreign.MemorySegment;

/**
 * A slot's memory.
 *
 * @param width elements of a row
 * @param address of the first byte, for C
 */
record Buffer(MemorySegment data, int width, long rowBytes, Domain domain, long address) {
  Buffer(MemorySegment data, Slot slot) {
    this(data, slot.width(), slot.rowBytes(), slot.domain(), data.address());
  }

  /** Rows that it has in this frame. */
  int rows(Frame frame) {
    return domain.rows(frame);
  }

  /** The same memory in rows of another size. */
  Buffer inRows(int otherWidth, long otherBytes) {
    return new Buffer(data, otherWidth, otherBytes, domain, address);
  }

  /** Byte offset of a row. */
  long at(int row) {
    return rowBytes * row;
  }

  long address(int row) {
    return address + at(row);
  }
}
