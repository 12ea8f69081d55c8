package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Memory.Space;

/** {@code atom} and {@code red}: lane after lane. */
final class Atomics {
  private Atomics() {}

  private interface Change {
    long of(long old, long b, long c);
  }

  static Instruction of(Statement s, Registers registers) {
    boolean returns = s.operation().equals("atom");
    int first = returns ? 1 : 0;
    Type type = s.type();
    boolean wide = type.bits == 64;
    Place place = Place.of(s, s.operand(first), registers);
    int d = returns ? slot(s, registers, s.operand(0), wide) : 0;
    int b = slot(s, registers, s.operand(first + 1), wide);
    boolean swap = s.has("cas");
    int c = swap ? slot(s, registers, s.operand(first + 2), wide) : b;
    Space space = Space.of(s);
    Change change = change(s, type);
    boolean releases = s.has("release") || s.has("acq_rel");
    return (warp, mask) -> {
      for (int l = 0; l < Registers.LANES; l++) {
        if (!Loops.on(mask, l)) {
          continue;
        }
        warp.lane = l;
        long address = place.address(warp, l);
        Memory.requireAligned(address, type.bytes());
        byte[] data;
        int at;
        var to = DeviceHeap.NOTHING;
        if (space.isShared(address)) {
          at = (int) space.inShared(address);
          data = warp.block.shared().data;
          Memory.requireShared(data, at, type.bytes());
          warp.block.shared().atomic(at, type.bytes(), warp.index, l);
        } else {
          warp.block.traffic().atomic(warp, l, releases);
          to = warp.block.heap().holding(address, type.bytes());
          at = (int) (address - to.base());
          to.fetch(at, type.bytes());
          data = to.data();
        }
        long old = type.extend(Memory.get(data, at, type.bytes()));
        long operand = type.extend(wide ? warp.q[b + l] : warp.r[b + l]);
        long other = type.extend(wide ? warp.q[c + l] : warp.r[c + l]);
        Memory.put(data, at, type.bytes(), change.of(old, operand, other));
        to.flush(at, type.bytes());
        if (returns && wide) {
          warp.q[d + l] = old;
        } else if (returns) {
          warp.r[d + l] = (int) old;
        }
      }
    };
  }

  private static int slot(Statement s, Registers registers, Operand operand, boolean wide) {
    return wide ? registers.longSlot(s, operand) : registers.intSlot(s, operand);
  }

  private static Change change(Statement s, Type type) {
    String operation =
        s.suffixes().stream()
            .filter(x -> x.matches("add|min|max|and|or|xor|exch|cas|inc|dec"))
            .findFirst()
            .orElseThrow(s::unsupported);
    if (type == Type.F32 && operation.equals("add")) {
      return (old, b, _) ->
          FloatOps.bits(FloatOps.real((int) old) + FloatOps.real((int) b)) & 0xffffffffL;
    }
    if (!type.isInteger()) {
      throw s.unsupported();
    }
    boolean unsigned64 = type == Type.U64;
    return switch (operation) {
      case "add" -> (old, b, _) -> old + b;
      case "min" -> (old, b, _) -> less(old, b, unsigned64) ? old : b;
      case "max" -> (old, b, _) -> less(old, b, unsigned64) ? b : old;
      case "and" -> (old, b, _) -> old & b;
      case "or" -> (old, b, _) -> old | b;
      case "xor" -> (old, b, _) -> old ^ b;
      case "exch" -> (_, b, _) -> b;
      case "cas" -> (old, b, c) -> old == b ? c : old;
      case "inc" -> (old, b, _) -> old >= b ? 0 : old + 1;
      case "dec" -> (old, b, _) -> old == 0 || old > b ? b : old - 1;
      default -> throw s.unsupported();
    };
  }

  private static boolean less(long a, long b, boolean unsigned) {
    return unsigned ? Long.compareUnsigned(a, b) < 0 : a < b;
  }
}
