package io.solebox.backend.cuda.fake;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;

/** Instructions in which lanes see each other, and barriers. */
final class WarpOps {
  private static final int LANES = Registers.LANES;

  private WarpOps() {}

  /** {@code bar.sync id, threads}; what happens there is the block's work. */
  record BlockBarrier(int id, int threads, boolean all) implements Instruction {
    static BlockBarrier of(Statement s, Registers registers) {
      int id = registers.intSlot(s, s.operand(0));
      boolean all = s.operands().size() == 1;
      return new BlockBarrier(id, all ? id : registers.intSlot(s, s.operand(1)), all);
    }

    @Override
    public void run(Warp warp, int mask) {
      throw new IllegalStateException("a barrier is not run");
    }

    Block.Barrier barrier(Warp warp, int warpsOfBlock) {
      int count = all ? warpsOfBlock : warp.r[threads] / LANES;
      return new Block.Barrier(warp.r[id], count);
    }
  }

  static Instruction warpBarrier() {
    return (warp, mask) -> {
      warp.block.shared().meetWarp(warp.index);
      warp.block.traffic().meet(warp);
    };
  }

  /** Where a shuffle reads. */
  private enum Mode {
    UP,
    DOWN,
    BFLY,
    IDX;

    static Mode of(Statement s) {
      return Arrays.stream(values())
          .filter(mode -> s.has(mode.name().toLowerCase(Locale.ROOT)))
          .findFirst()
          .orElseThrow(s::unsupported);
    }
  }

  /** {@code shfl.sync}: which lane to read from is worked out as the manual of PTX writes it. */
  static Instruction shuffle(Statement s, Registers registers) {
    boolean pair = s.operand(0) instanceof Operand.Pair;
    Operand result = s.operand(0) instanceof Operand.Pair(var first, _) ? first : s.operand(0);
    int d = registers.intSlot(s, result);
    int inRange =
        pair && s.operand(0) instanceof Operand.Pair(_, var second)
            ? registers.predicateSlot(s, second)
            : Registers.ALWAYS;
    int a = registers.intSlot(s, s.operand(1));
    int b = registers.intSlot(s, s.operand(2));
    int c = registers.intSlot(s, s.operand(3));
    Mode mode = Mode.of(s);
    return (warp, mask) -> {
      int[] r = warp.r;
      int[] values = warp.next;
      System.arraycopy(r, a, values, 0, LANES);
      int inside = 0;
      for (int l = 0; l < LANES; l++) {
        if (!Loops.on(mask, l)) {
          continue;
        }
        int source = source(mode, l, r[b + l] & 31, r[c + l]);
        boolean good = source >= 0;
        int from = good ? source : l;
        if (!Loops.on(mask, from)) {
          warp.lane = l;
          throw new KernelFault(
              KernelFault.Kind.LAUNCH_FAILED, "reads lane " + from + ", which takes no part");
        }
        inside |= good ? 1 << l : 0;
        r[d + l] = values[from];
      }
      if (pair) {
        warp.setPredicate(inRange, inside, mask);
      }
    };
  }

  /** The lane to read, negative when it is out of range. */
  private static int source(Mode mode, int lane, int b, int c) {
    int segment = c >> 8 & 31;
    int clamp = c & 31;
    int last = lane & segment | clamp & ~segment;
    int first = lane & segment;
    return switch (mode) {
      case UP -> lane - b >= last ? lane - b : -1;
      case DOWN -> lane + b <= last ? lane + b : -1;
      case BFLY -> (lane ^ b) <= last ? lane ^ b : -1;
      case IDX -> (first | b & ~segment) <= last ? first | b & ~segment : -1;
    };
  }

  static Instruction vote(Statement s, Registers registers) {
    Operand condition = s.operand(1);
    boolean negated = condition instanceof Operand.Not;
    int p =
        registers.predicateSlot(s, condition instanceof Operand.Not(var inner) ? inner : condition);
    if (s.has("ballot")) {
      int d = registers.intSlot(s, s.operand(0));
      return (warp, mask) -> fill(warp, d, mask, (negated ? ~warp.p[p] : warp.p[p]) & mask);
    }
    int d = registers.predicateSlot(s, s.operand(0));
    boolean all = s.has("all");
    boolean uniform = s.has("uni");
    return (warp, mask) -> {
      int votes = (negated ? ~warp.p[p] : warp.p[p]) & mask;
      boolean result = all ? votes == mask : uniform ? votes == mask || votes == 0 : votes != 0;
      warp.setPredicate(d, result ? -1 : 0, mask);
    };
  }

  private static void fill(Warp warp, int slot, int mask, int value) {
    for (int l = 0; l < LANES; l++) {
      if (Loops.on(mask, l)) {
        warp.r[slot + l] = value;
      }
    }
  }

  static Instruction activeMask(Statement s, Registers registers) {
    int d = registers.intSlot(s, s.operand(0));
    return (warp, mask) -> fill(warp, d, mask, mask);
  }

  /** {@code redux.sync}: one integer from all lanes. */
  static Instruction reduce(Statement s, Registers registers) {
    int d = registers.intSlot(s, s.operand(0));
    int a = registers.intSlot(s, s.operand(1));
    boolean signed = s.type().signed();
    String operation = s.suffixes().get(1);
    return (warp, mask) -> {
      int[] values =
          IntStream.range(0, LANES)
              .filter(l -> Loops.on(mask, l))
              .map(l -> warp.r[a + l])
              .toArray();
      fill(warp, d, mask, reduce(s, operation, signed, values));
    };
  }

  private static int reduce(Statement s, String operation, boolean signed, int[] values) {
    IntStream all = IntStream.of(values);
    int flip = signed ? 0 : Integer.MIN_VALUE; // so that signed comparison orders unsigned values
    return switch (operation) {
      case "add" -> all.sum();
      case "min" -> all.map(v -> v ^ flip).min().orElseThrow() ^ flip;
      case "max" -> all.map(v -> v ^ flip).max().orElseThrow() ^ flip;
      case "and" -> all.reduce(-1, (x, y) -> x & y);
      case "or" -> all.reduce(0, (x, y) -> x | y);
      case "xor" -> all.reduce(0, (x, y) -> x ^ y);
      default -> throw s.unsupported();
    };
  }
}
