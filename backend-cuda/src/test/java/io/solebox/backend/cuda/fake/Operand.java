package io.solebox.backend.cuda.fake;

import java.util.List;

/** What stands after an opcode. */
sealed interface Operand {
  /** A register, special register, variable or label. */
  record Name(String text) implements Operand {}

  /** The bits of an integer or of a {@code 0f}, {@code 0d} literal. */
  record Number(long bits) implements Operand {}

  /** {@code [base+offset]}. */
  record Address(Operand base, long offset) implements Operand {}

  /** {@code {a, b}}. */
  record Tuple(List<Operand> elements) implements Operand {}

  /** {@code a|b}: a result and its predicate. */
  record Pair(Operand first, Operand second) implements Operand {}

  /** {@code !p}. */
  record Not(Operand predicate) implements Operand {}
}
