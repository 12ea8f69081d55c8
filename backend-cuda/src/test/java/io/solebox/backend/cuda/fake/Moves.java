package io.solebox.backend.cuda.fake;

import java.util.List;

/** {@code mov}, {@code cvta}, {@code selp} and what is done with predicates. */
final class Moves {
  private static final int LANES = Registers.LANES;

  private Moves() {}

  static Instruction move(Statement s, Registers registers) {
    Operand to = s.operand(0);
    Operand from = s.operand(1);
    if (s.type() == Type.PRED) {
      int d = registers.predicateSlot(s, to);
      if (from instanceof Operand.Number(long bits)) {
        return (warp, mask) -> warp.setPredicate(d, bits == 0 ? 0 : -1, mask);
      }
      int a = registers.predicateSlot(s, from);
      return (warp, mask) -> warp.setPredicate(d, warp.p[a], mask);
    }
    if (to instanceof Operand.Tuple(var parts)) {
      return unpack(s, registers, parts, from);
    }
    if (from instanceof Operand.Tuple(var parts)) {
      return pack(s, registers, to, parts);
    }
    return s.type().bits == 64
        ? copyLong(registers.longSlot(s, to), registers.longSlot(s, from), 0)
        : copyInt(registers.intSlot(s, to), registers.intSlot(s, from));
  }

  private static Instruction copyInt(int d, int a) {
    return (warp, mask) -> {
      int[] r = warp.r;
      for (int l = 0; l < LANES; l++) {
        r[d + l] = Loops.on(mask, l) ? r[a + l] : r[d + l];
      }
    };
  }

  private static Instruction copyLong(int d, int a, long plus) {
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          warp.q[d + l] = warp.q[a + l] + plus;
        }
      }
    };
  }

  private static Instruction unpack(
      Statement s, Registers registers, List<Operand> parts, Operand from) {
    boolean wide = s.type().bits == 64;
    int bits = s.type().bits / parts.size();
    int[] d = parts.stream().mapToInt(p -> registers.intSlot(s, p)).toArray();
    int a = wide ? registers.longSlot(s, from) : registers.intSlot(s, from);
    int cut = bits == 32 ? -1 : (1 << bits) - 1;
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          long value = wide ? warp.q[a + l] : warp.r[a + l];
          for (int i = 0; i < d.length; i++) {
            warp.r[d[i] + l] = (int) (value >>> bits * i) & cut;
          }
        }
      }
    };
  }

  private static Instruction pack(
      Statement s, Registers registers, Operand to, List<Operand> parts) {
    boolean wide = s.type().bits == 64;
    int bits = s.type().bits / parts.size();
    int[] a = parts.stream().mapToInt(p -> registers.intSlot(s, p)).toArray();
    int d = wide ? registers.longSlot(s, to) : registers.intSlot(s, to);
    long cut = (1L << bits) - 1;
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          long value = 0;
          for (int i = 0; i < a.length; i++) {
            value |= (warp.r[a[i] + l] & cut) << bits * i;
          }
          if (wide) {
            warp.q[d + l] = value;
          } else {
            warp.r[d + l] = (int) value;
          }
        }
      }
    };
  }

  /** Global memory has the same addresses in both spaces, shared memory a window. */
  static Instruction convertAddress(Statement s, Registers registers) {
    if (s.type().bits != 64 || s.has("local") || s.has("const") || s.has("param")) {
      throw s.unsupported();
    }
    long window = s.has("shared") ? Memory.SHARED_WINDOW : 0;
    return copyLong(
        registers.longSlot(s, s.operand(0)),
        registers.longSlot(s, s.operand(1)),
        s.has("to") ? -window : window);
  }

  static Instruction select(Statement s, Registers registers) {
    int p = registers.predicateSlot(s, s.operand(3));
    if (s.type().bits == 64) {
      int d = registers.longSlot(s, s.operand(0));
      int a = registers.longSlot(s, s.operand(1));
      int b = registers.longSlot(s, s.operand(2));
      return (warp, mask) -> {
        for (int l = 0; l < LANES; l++) {
          if (Loops.on(mask, l)) {
            warp.q[d + l] = warp.q[(Loops.on(warp.p[p], l) ? a : b) + l];
          }
        }
      };
    }
    int d = registers.intSlot(s, s.operand(0));
    int a = registers.intSlot(s, s.operand(1));
    int b = registers.intSlot(s, s.operand(2));
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          warp.r[d + l] = warp.r[(Loops.on(warp.p[p], l) ? a : b) + l];
        }
      }
    };
  }

  /** {@code and.pred} and its like: all lanes at once. */
  static Instruction logic(Statement s, Registers registers) {
    int d = registers.predicateSlot(s, s.operand(0));
    int a = registers.predicateSlot(s, s.operand(1));
    if (s.operation().equals("not")) {
      return (warp, mask) -> warp.setPredicate(d, ~warp.p[a], mask);
    }
    int b = registers.predicateSlot(s, s.operand(2));
    return switch (s.operation()) {
      case "and" -> (warp, mask) -> warp.setPredicate(d, warp.p[a] & warp.p[b], mask);
      case "or" -> (warp, mask) -> warp.setPredicate(d, warp.p[a] | warp.p[b], mask);
      case "xor" -> (warp, mask) -> warp.setPredicate(d, warp.p[a] ^ warp.p[b], mask);
      default -> throw s.unsupported();
    };
  }

  /** {@code setp}, with a second condition where it has one. */
  static Instruction test(Statement s, Registers registers) {
    if (s.operand(0) instanceof Operand.Pair) {
      throw s.unsupported();
    }
    String comparison = s.suffixes().getFirst();
    Instruction compare = Translator.loop(s, registers, s.operands().subList(0, 3), comparison);
    if (s.operands().size() == 3) {
      return compare;
    }
    int d = registers.predicateSlot(s, s.operand(0));
    Operand condition = s.operand(3);
    boolean negated = condition instanceof Operand.Not;
    int c =
        registers.predicateSlot(s, condition instanceof Operand.Not(var inner) ? inner : condition);
    String join = s.suffixes().get(1);
    return (warp, mask) -> {
      int other = negated ? ~warp.p[c] : warp.p[c];
      compare.run(warp, mask);
      int mine = warp.p[d];
      int joined =
          switch (join) {
            case "and" -> mine & other;
            case "or" -> mine | other;
            default -> mine ^ other;
          };
      warp.setPredicate(d, joined, mask);
    };
  }
}
