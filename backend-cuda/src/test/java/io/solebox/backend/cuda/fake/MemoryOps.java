package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Memory.Space;
import java.util.Arrays;
import java.util.List;

/** {@code ld} and {@code st}, of one value or of a vector. */
final class MemoryOps {
  private static final int LANES = Registers.LANES;

  private MemoryOps() {}

  static Instruction load(Statement s, Registers registers) {
    var values = Values.of(s, s.operand(0), registers);
    Order order = s.has("acquire") ? Order.ACQUIRE : s.has("relaxed") ? Order.STRONG : Order.WEAK;
    return new Load(Space.of(s), Place.of(s, s.operand(1), registers), values, order);
  }

  static Instruction store(Statement s, Registers registers) {
    var values = Values.of(s, s.operand(1), registers);
    return new Store(Space.of(s), Place.of(s, s.operand(0), registers), values, s.has("release"));
  }

  /** How a load stands to what other blocks write. */
  private enum Order {
    WEAK,
    /** Past the first-level cache. */
    STRONG,
    /** Also sees, from here on, all that others released before they wrote what it finds. */
    ACQUIRE
  }

  /** Changes nothing; but an address outside of all memory is a mistake in the kernel. */
  static Instruction prefetch(Statement s, Registers registers) {
    Place place = Place.of(s, s.operand(0), registers);
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          warp.lane = l;
          warp.block.heap().holding(place.address(warp, l), 1);
        }
      }
    };
  }

  /**
   * The registers of a load or store: their slots and how a value fits into them; {@code words} is
   * whether all are of 32 bits, as most are.
   */
  record Values(Type type, int[] slots, boolean[] wide, int[] registerBits, boolean words) {
    static Values of(Statement s, Operand operand, Registers registers) {
      List<Operand> elements =
          operand instanceof Operand.Tuple(var several) ? several : List.of(operand);
      Type type = s.type();
      int count = elements.size();
      int[] slots = new int[count];
      boolean[] wide = new boolean[count];
      int[] bits = new int[count];
      for (int i = 0; i < count; i++) {
        bits[i] = registers.bitsOr(elements.get(i), Math.max(type.bits, 16));
        wide[i] = bits[i] == 64;
        slots[i] =
            wide[i]
                ? registers.longSlot(s, elements.get(i))
                : registers.intSlot(s, elements.get(i));
      }
      boolean words = type.bits == 32 && Arrays.stream(bits).allMatch(b -> b == 32);
      return new Values(type, slots, wide, bits, words);
    }

    int bytes() {
      return type.bytes() * slots.length;
    }

    void fromMemory(Warp warp, int lane, byte[] data, int at) {
      if (words) {
        for (int i = 0; i < slots.length; i++) {
          warp.r[slots[i] + lane] = Memory.getInt(data, at + i * Integer.BYTES);
        }
        return;
      }
      int size = type.bytes();
      for (int i = 0; i < slots.length; i++) {
        long value = Memory.get(data, at + i * size, size);
        if (wide[i]) {
          warp.q[slots[i] + lane] = type.extend(value);
        } else {
          int extended = type.signed() ? (int) type.extend(value) : (int) value;
          warp.r[slots[i] + lane] = registerBits[i] == 16 ? extended & 0xffff : extended;
        }
      }
    }

    void toMemory(Warp warp, int lane, byte[] data, int at) {
      if (words) {
        for (int i = 0; i < slots.length; i++) {
          Memory.putInt(data, at + i * Integer.BYTES, warp.r[slots[i] + lane]);
        }
        return;
      }
      int size = type.bytes();
      for (int i = 0; i < slots.length; i++) {
        long value = wide[i] ? warp.q[slots[i] + lane] : warp.r[slots[i] + lane];
        Memory.put(data, at + i * size, size, value);
      }
    }
  }

  private record Load(Space space, Place place, Values values, Order order) implements Instruction {
    @Override
    public void run(Warp warp, int mask) {
      int bytes = values.bytes();
      SharedMemory shared = warp.block.shared();
      var from = DeviceHeap.NOTHING;
      for (int l = 0; l < LANES; l++) {
        if (!Loops.on(mask, l)) {
          continue;
        }
        warp.lane = l;
        long address = place.address(warp, l);
        Memory.requireAligned(address, bytes);
        if (space.isShared(address)) {
          long at = space.inShared(address);
          Memory.requireShared(shared.data, at, bytes);
          shared.read((int) at, bytes, warp.index, l);
          values.fromMemory(warp, l, shared.data, (int) at);
        } else {
          if (!from.holds(address, bytes)) {
            from = warp.block.heap().holding(address, bytes);
          }
          if (order == Order.ACQUIRE) {
            warp.block.traffic().acquiring(warp, l);
          } else {
            warp.block.traffic().read(warp, l, address, bytes, order == Order.STRONG);
          }
          int at = (int) (address - from.base());
          from.fetch(at, bytes);
          values.fromMemory(warp, l, from.data(), at);
        }
      }
    }
  }

  /**
   * @param releases a flag, which is read by loads that acquire
   */
  private record Store(Space space, Place place, Values values, boolean releases)
      implements Instruction {
    @Override
    public void run(Warp warp, int mask) {
      int bytes = values.bytes();
      SharedMemory shared = warp.block.shared();
      var to = DeviceHeap.NOTHING;
      for (int l = 0; l < LANES; l++) {
        if (!Loops.on(mask, l)) {
          continue;
        }
        warp.lane = l;
        long address = place.address(warp, l);
        Memory.requireAligned(address, bytes);
        if (space.isShared(address)) {
          long at = space.inShared(address);
          Memory.requireShared(shared.data, at, bytes);
          shared.write((int) at, bytes, warp.index, l);
          values.toMemory(warp, l, shared.data, (int) at);
        } else {
          if (!to.holds(address, bytes)) {
            to = warp.block.heap().holding(address, bytes);
          }
          if (releases) {
            warp.block.traffic().releasing(warp, l);
          } else {
            warp.block.traffic().write(warp, l, address, bytes);
          }
          int at = (int) (address - to.base());
          values.toMemory(warp, l, to.data(), at);
          to.flush(at, bytes);
        }
      }
    }
  }

  /**
   * @param at in the parameter block
   */
  static Instruction loadParameter(Statement s, Registers registers, int at) {
    var values = Values.of(s, s.operand(0), registers);
    return (warp, mask) -> {
      for (int l = 0; l < LANES; l++) {
        if (Loops.on(mask, l)) {
          values.fromMemory(warp, l, warp.block.parameters(), at);
        }
      }
    };
  }
}
