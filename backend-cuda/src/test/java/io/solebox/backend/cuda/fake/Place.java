package io.solebox.backend.cuda.fake;

/** An address operand: a register or variable, and an offset. */
record Place(boolean wide, int slot, long offset) {

  static Place of(Statement s, Operand operand, Registers registers) {
    if (!(operand instanceof Operand.Address(Operand base, long offset))) {
      throw new PtxException(s.line(), "not an address in " + s.opcode());
    }
    boolean wide = registers.bitsOr(base, 64) == 64;
    int slot = wide ? registers.longSlot(s, base) : registers.intSlot(s, base);
    return new Place(wide, slot, offset);
  }

  long address(Warp warp, int lane) {
    return offset + (wide ? warp.q[slot + lane] : warp.r[slot + lane] & 0xffffffffL);
  }
}
