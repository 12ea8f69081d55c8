package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Int1;
import io.solebox.backend.cuda.fake.Loops.Int2;
import io.solebox.backend.cuda.fake.Loops.Int3;
import io.solebox.backend.cuda.fake.Loops.IntToLong;
import io.solebox.backend.cuda.fake.Loops.Long1;
import io.solebox.backend.cuda.fake.Loops.LongToInt;
import java.util.List;
import java.util.function.DoubleToLongFunction;
import java.util.function.DoubleUnaryOperator;

/** {@code cvt}: between integers, f16, bf16, f32 and f64, with rounding and saturation. */
final class Conversions {
  private Conversions() {}

  /**
   * The operation, as one of the interfaces of {@link Loops}.
   *
   * @param toBits of the result's register, which may be wider than the type
   * @param fromBits of the operand's register
   */
  static Object of(Statement s, int toBits, int fromBits) {
    boolean toWide = toBits == 64;
    boolean fromWide = fromBits == 64;
    List<String> suffixes = s.suffixes();
    if (s.has("pack")) {
      return pack(s);
    }
    Type from = s.type();
    Type to = Type.of(suffixes.get(suffixes.size() - 2), s.line());
    if (to == Type.F16X2 || to == Type.BF16X2) {
      return pair(s, to);
    }
    if (!toWide && !fromWide) {
      Object direct = direct(s);
      if (direct != null) {
        return direct;
      }
    }
    Long1 general = general(s, to, from);
    if (toWide) {
      return fromWide ? general : (IntToLong) a -> general.of(a);
    }
    int kept = toBits == 16 ? 0xffff : -1;
    return fromWide
        ? (LongToInt) a -> (int) general.of(a) & kept
        : (Int1) a -> (int) general.of(a) & kept;
  }

  /** The conversions of inner loops, short enough to be inlined; null for the others. */
  private static Int1 direct(Statement s) {
    String types = s.opcode().substring(s.opcode().indexOf('.') + 1);
    return switch (types) {
      case "f32.f16" -> a -> FloatOps.bits(HalfOps.half(a));
      case "rn.f16.f32" -> a -> Float.floatToFloat16(FloatOps.real(a)) & 0xffff;
      case "rn.f32.s32" -> a -> FloatOps.bits((float) a);
      case "rn.f32.s16" -> a -> FloatOps.bits((float) (short) a);
      case "rn.f32.u16" -> a -> FloatOps.bits((float) (a & 0xffff));
      case "s32.s16" -> a -> (short) a;
      case "u32.u16" -> a -> a & 0xffff;
      case "u16.u32", "u16.s32" -> a -> a & 0xffff;
      case "s32.s8" -> a -> (byte) a;
      default -> null;
    };
  }

  private static Object pair(Statement s, Type to) {
    if (!s.has("rn") || s.type() != Type.F32 || s.has("relu")) {
      throw s.unsupported();
    }
    // The first operand is the upper half.
    return to == Type.F16X2
        ? (Int2) (a, b) -> HalfOps.toHalf(FloatOps.real(a)) << 16 | HalfOps.toHalf(FloatOps.real(b))
        : (Int2)
            (a, b) -> HalfOps.toBrain(FloatOps.real(a)) << 16 | HalfOps.toBrain(FloatOps.real(b));
  }

  private static Object pack(Statement s) {
    return switch (s.opcode()) {
      case "cvt.pack.sat.s8.s32.b32" ->
          (Int3)
              (a, b, c) ->
                  c << 16
                      | (Math.clamp(a, -128, 127) & 0xff) << 8
                      | Math.clamp(b, -128, 127) & 0xff;
      case "cvt.pack.sat.u8.s32.b32" ->
          (Int3) (a, b, c) -> c << 16 | Math.clamp(a, 0, 255) << 8 | Math.clamp(b, 0, 255);
      default -> throw s.unsupported();
    };
  }

  private static Long1 general(Statement s, Type to, Type from) {
    if (from.isInteger() && to.isInteger()) {
      return s.has("sat")
          ? a -> to.extend(saturate(to, from, from.extend(a)))
          : a -> to.extend(from.extend(a));
    }
    if (to.isInteger()) {
      DoubleUnaryOperator rounded = rounding(s);
      return a -> to.extend(toInteger(to, rounded.applyAsDouble(decode(from, a))));
    }
    DoubleToLongFunction encoded = encoding(s, to);
    if (from.isInteger()) {
      return a -> encoded.applyAsLong(fromInteger(to, from, from.extend(a)));
    }
    if (s.has("rni") || s.has("rzi") || s.has("rmi") || s.has("rpi")) {
      DoubleUnaryOperator rounded = rounding(s);
      return a -> encoded.applyAsLong(rounded.applyAsDouble(decode(from, a)));
    }
    return a -> encoded.applyAsLong(decode(from, a));
  }

  private static long saturate(Type to, Type from, long value) {
    long least = to.signed() ? -1L << to.bits - 1 : 0;
    long most = to.signed() ? ~least : to.extend(-1L);
    if (to.bits == 64 || from.bits == 64 && !from.signed()) {
      throw new UnsupportedOperationException("saturation of 64 bits");
    }
    return Math.clamp(value, least, most);
  }

  /** To a double that rounds to the type as the integer itself would. */
  private static double fromInteger(Type to, Type from, long value) {
    boolean exact = Math.abs(value) < 1L << 53;
    if (to != Type.F64 && !exact) {
      return (float) value;
    }
    return from.signed() || value >= 0 ? (double) value : (double) (value >>> 1) * 2;
  }

  /** Out of range goes to the nearest, NaN to zero (to the least for the 64-bit types). */
  private static long toInteger(Type to, double value) {
    if (Double.isNaN(value)) {
      return to.bits == 64 ? Long.MIN_VALUE : 0;
    }
    if (to.signed()) {
      long most = (1L << to.bits - 1) - 1;
      return Math.clamp((long) value, -most - 1, most);
    }
    if (to.bits == 64) {
      return value < 0x1p63 ? Math.max(0, (long) value) : (long) (value - 0x1p63) + (1L << 63);
    }
    return Math.clamp((long) value, 0, to.extend(-1L));
  }

  /** Chosen once for an instruction, not for each value. */
  private static DoubleUnaryOperator rounding(Statement s) {
    if (s.has("rni")) {
      return Math::rint;
    }
    if (s.has("rmi")) {
      return Math::floor;
    }
    if (s.has("rpi")) {
      return Math::ceil;
    }
    if (s.has("rzi")) {
      return value -> value < 0 ? Math.ceil(value) : Math.floor(value);
    }
    throw s.unsupported();
  }

  private static double decode(Type type, long bits) {
    return switch (type) {
      case F16 -> HalfOps.half((int) bits);
      case BF16 -> HalfOps.brain((int) bits);
      case F32 -> FloatOps.real((int) bits);
      case F64 -> Double.longBitsToDouble(bits);
      default -> throw new UnsupportedOperationException("cvt from " + type);
    };
  }

  private static DoubleToLongFunction encoding(Statement s, Type type) {
    if (s.has("rz") || s.has("rm") || s.has("rp")) {
      throw s.unsupported();
    }
    DoubleToLongFunction encoding =
        switch (type) {
          case F16 -> HalfOps::toHalf;
          case BF16 -> HalfOps::toBrain;
          case F32 -> value -> FloatOps.bits((float) value) & 0xffffffffL;
          case F64 -> Double::doubleToRawLongBits;
          // To the nearest with 10 bits behind the point, ties away from zero.
          case TF32 -> value -> FloatOps.bits((float) value) + 0x1000 & 0xffffe000L;
          default -> throw s.unsupported();
        };
    return s.has("sat")
        ? value -> encoding.applyAsLong(Double.isNaN(value) ? 0 : Math.clamp(value, 0.0, 1.0))
        : encoding;
  }
}
