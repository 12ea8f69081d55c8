package io.solebox.backend.cuda.fake;

import java.util.List;

/**
 * One instruction as written.
 *
 * @param guard the predicate it runs under; empty for none
 * @param opcode with all suffixes
 */
record Statement(
    int line, String guard, boolean guardNegated, String opcode, List<Operand> operands) {

  /** The word before the first dot. */
  String operation() {
    int dot = opcode.indexOf('.');
    return dot < 0 ? opcode : opcode.substring(0, dot);
  }

  /** The suffixes, without their dots. */
  List<String> suffixes() {
    int dot = opcode.indexOf('.');
    return dot < 0 ? List.of() : List.of(opcode.substring(dot + 1).split("\\."));
  }

  boolean has(String suffix) {
    return suffixes().contains(suffix);
  }

  /** The last suffix, which names the type that is worked on. */
  Type type() {
    return Type.of(suffixes().getLast(), line);
  }

  Operand operand(int index) {
    if (index >= operands.size()) {
      throw new PtxException(line, opcode + " has too few operands");
    }
    return operands.get(index);
  }

  PtxException unsupported() {
    return new PtxException(line, "not supported by the interpreter: " + opcode);
  }
}
