package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Int1;
import io.solebox.backend.cuda.fake.Loops.Int2;
import io.solebox.backend.cuda.fake.Loops.Int3;

/** Operations on f16 and bf16, alone and in pairs: computed wider and rounded. */
final class HalfOps {
  private HalfOps() {}

  private interface Round {
    int of(double value);
  }

  private interface Widen {
    float of(int bits);
  }

  private interface Real2 {
    double of(float a, float b);
  }

  /** The operation, as one of the interfaces of {@link Loops}. */
  static Object of(Statement s) {
    Type type = s.type();
    boolean brain = type.meaning == Type.Meaning.BRAIN;
    Round round = brain ? HalfOps::toBrain : HalfOps::toHalf;
    Widen widen = brain ? HalfOps::brain : HalfOps::half;
    boolean pair = type.bits == 32;
    return switch (s.operation()) {
      case "add" -> two(pair, round, widen, (a, b) -> (double) a + b);
      case "sub" -> two(pair, round, widen, (a, b) -> (double) a - b);
      case "mul" -> two(pair, round, widen, (a, b) -> (double) a * b);
      case "min" -> two(pair, round, widen, FloatOps::least);
      case "max" -> two(pair, round, widen, FloatOps::most);
      case "fma" -> three(pair, round, widen);
      case "neg" -> (Int1) a -> a ^ (pair ? 0x80008000 : 0x8000);
      case "abs" -> (Int1) a -> a & (pair ? 0x7fff7fff : 0x7fff);
      case "ex2" -> (Int1) a -> one(pair, round, widen, a);
      default -> throw s.unsupported();
    };
  }

  private static Object two(boolean pair, Round round, Widen widen, Real2 f) {
    Int2 single = (a, b) -> round.of(f.of(widen.of(a), widen.of(b)));
    Int2 both = (a, b) -> single.of(a, b) | single.of(a >>> 16, b >>> 16) << 16;
    return pair ? both : single;
  }

  private static Object three(boolean pair, Round round, Widen widen) {
    // The product is exact in a double, and so is nearly every sum.
    Int3 single =
        (a, b, c) -> round.of(Math.fma((double) widen.of(a), (double) widen.of(b), widen.of(c)));
    Int3 both = (a, b, c) -> single.of(a, b, c) | single.of(a >>> 16, b >>> 16, c >>> 16) << 16;
    return pair ? both : single;
  }

  private static int one(boolean pair, Round round, Widen widen, int a) {
    int low = round.of(Math.pow(2, widen.of(a)));
    return pair ? low | round.of(Math.pow(2, widen.of(a >>> 16))) << 16 : low;
  }

  static float half(int bits) {
    return Float.float16ToFloat((short) bits);
  }

  static float brain(int bits) {
    return Float.intBitsToFloat(bits << 16);
  }

  /** To the nearest f16, ties to even. */
  static int toHalf(double value) {
    return Float.floatToFloat16(toOdd(value)) & 0xffff;
  }

  /** To the nearest bf16, ties to even. */
  static int toBrain(double value) {
    int bits = Float.floatToRawIntBits(toOdd(value));
    if (Double.isNaN(value)) {
      return 0x7fff;
    }
    return bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
  }

  /** To a float such that rounding it again gives what rounding once would have given. */
  private static float toOdd(double value) {
    float near = (float) value;
    if (near == value || !Float.isFinite(near)) {
      return near;
    }
    int bits = Float.floatToRawIntBits(near);
    boolean away = Math.abs((double) near) > Math.abs(value);
    return Float.intBitsToFloat((away ? bits - 1 : bits) | 1);
  }
}
