package io.solebox.backend.cuda.fake;

import static java.lang.Float.floatToRawIntBits;
import static java.lang.Float.intBitsToFloat;

import io.solebox.backend.cuda.fake.Loops.Int1;
import io.solebox.backend.cuda.fake.Loops.Int2;
import io.solebox.backend.cuda.fake.Loops.Int3;
import io.solebox.backend.cuda.fake.Loops.IntTest;
import io.solebox.backend.cuda.fake.Loops.Long1;
import io.solebox.backend.cuda.fake.Loops.Long2;
import io.solebox.backend.cuda.fake.Loops.Long3;
import io.solebox.backend.cuda.fake.Loops.LongTest;

/** Operations on f32 and f64, by opcode; values are the bits in int and long registers. */
final class FloatOps {
  private FloatOps() {}

  /** What {@code approx} operations may be off by, they are: the last bit is cleared. */
  private static final int LAST_BIT = 1;

  /** The operation, as one of the interfaces of {@link Loops}. */
  static Object of(Statement s) {
    if (s.has("rz") || s.has("rm") || s.has("rp")) {
      throw s.unsupported();
    }
    if (s.type() == Type.F64) {
      return double64(s);
    }
    Object plain = s.has("approx") ? approximate(s) : float32(s);
    return s.has("sat") ? saturated(s, flushed(s, plain)) : flushed(s, plain);
  }

  private static Object float32(Statement s) {
    return switch (s.operation()) {
      case "add" -> (Int2) (a, b) -> bits(real(a) + real(b));
      case "sub" -> (Int2) (a, b) -> bits(real(a) - real(b));
      case "mul" -> (Int2) (a, b) -> bits(real(a) * real(b));
      case "div" -> (Int2) (a, b) -> bits(real(a) / real(b));
      case "fma", "mad" -> (Int3) (a, b, c) -> bits(Math.fma(real(a), real(b), real(c)));
      case "min" -> s.has("NaN") ? nanMin() : (Int2) (a, b) -> bits(least(real(a), real(b)));
      case "max" -> s.has("NaN") ? nanMax() : (Int2) (a, b) -> bits(most(real(a), real(b)));
      case "neg" -> (Int1) a -> a ^ 0x80000000;
      case "abs" -> (Int1) a -> a & 0x7fffffff;
      case "rcp" -> (Int1) a -> bits(1 / real(a));
      case "sqrt" -> (Int1) a -> bits((float) Math.sqrt(real(a)));
      case "copysign" -> (Int2) (a, b) -> a & 0x80000000 | b & 0x7fffffff;
      default -> throw s.unsupported();
    };
  }

  private static Object approximate(Statement s) {
    return switch (s.operation()) {
      case "ex2" -> (Int1) a -> rough(Math.pow(2, real(a)));
      case "lg2" -> (Int1) a -> rough(Math.log(real(a)) / Math.log(2));
      case "rsqrt" -> (Int1) a -> rough(1 / Math.sqrt(real(a)));
      case "sqrt" -> (Int1) a -> rough(Math.sqrt(real(a)));
      case "rcp" -> (Int1) a -> rough(1.0 / real(a));
      case "div" -> (Int2) (a, b) -> rough((double) real(a) / real(b));
      case "sin" -> (Int1) a -> rough(Math.sin(real(a)));
      case "cos" -> (Int1) a -> rough(Math.cos(real(a)));
      case "tanh" -> (Int1) a -> rough(Math.tanh(real(a)));
      default -> throw s.unsupported();
    };
  }

  private static int rough(double value) {
    float rounded = (float) value;
    // Powers of two stay what they are, as on the device.
    boolean exact = (bits(rounded) & 0x7fffff) == 0 || !Float.isFinite(rounded);
    return exact ? bits(rounded) : bits(rounded) & ~LAST_BIT;
  }

  private static Object flushed(Statement s, Object operation) {
    if (!s.has("ftz")) {
      return operation;
    }
    return switch (operation) {
      case Int1 f -> (Int1) a -> flush(f.of(flush(a)));
      case Int2 f -> (Int2) (a, b) -> flush(f.of(flush(a), flush(b)));
      case Int3 f -> (Int3) (a, b, c) -> flush(f.of(flush(a), flush(b), flush(c)));
      default -> throw s.unsupported();
    };
  }

  private static Object saturated(Statement s, Object operation) {
    return switch (operation) {
      case Int1 f -> (Int1) a -> saturate(f.of(a));
      case Int2 f -> (Int2) (a, b) -> saturate(f.of(a, b));
      case Int3 f -> (Int3) (a, b, c) -> saturate(f.of(a, b, c));
      default -> throw s.unsupported();
    };
  }

  /** A subnormal becomes a zero of its sign. */
  static int flush(int a) {
    return (a & 0x7f800000) == 0 ? a & 0x80000000 : a;
  }

  private static int saturate(int a) {
    float value = real(a);
    return Float.isNaN(value) ? 0 : bits(Math.clamp(value, 0f, 1f));
  }

  static float real(int bits) {
    return intBitsToFloat(bits);
  }

  static int bits(float value) {
    return floatToRawIntBits(value);
  }

  /** Of a number and NaN, the number. */
  static float least(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.min(a, b);
  }

  static float most(float a, float b) {
    return Float.isNaN(a) ? b : Float.isNaN(b) ? a : Math.max(a, b);
  }

  private static Int2 nanMin() {
    return (a, b) -> bits(Math.min(real(a), real(b)));
  }

  private static Int2 nanMax() {
    return (a, b) -> bits(Math.max(real(a), real(b)));
  }

  private static Object double64(Statement s) {
    return switch (s.operation()) {
      case "add" -> (Long2) (a, b) -> wide(wide(a) + wide(b));
      case "sub" -> (Long2) (a, b) -> wide(wide(a) - wide(b));
      case "mul" -> (Long2) (a, b) -> wide(wide(a) * wide(b));
      case "div" -> (Long2) (a, b) -> wide(wide(a) / wide(b));
      case "fma", "mad" -> (Long3) (a, b, c) -> wide(Math.fma(wide(a), wide(b), wide(c)));
      case "min" -> (Long2) (a, b) -> wide(Math.min(wide(a), wide(b)));
      case "max" -> (Long2) (a, b) -> wide(Math.max(wide(a), wide(b)));
      case "neg" -> (Long1) a -> wide(-wide(a));
      case "abs" -> (Long1) a -> wide(Math.abs(wide(a)));
      case "sqrt" -> (Long1) a -> wide(Math.sqrt(wide(a)));
      default -> throw s.unsupported();
    };
  }

  private static double wide(long bits) {
    return Double.longBitsToDouble(bits);
  }

  private static long wide(double value) {
    return Double.doubleToRawLongBits(value);
  }

  /** {@code setp} on f32, f64 and f16. */
  static Object test(Statement s, String comparison) {
    DoubleTest test = doubleTest(s, comparison);
    return switch (s.type()) {
      case F32 -> floatTest(s, comparison);
      case F64 -> (LongTest) (a, b) -> test.of(wide(a), wide(b));
      case F16 -> (IntTest) (a, b) -> test.of(HalfOps.half(a), HalfOps.half(b));
      case BF16 -> (IntTest) (a, b) -> test.of(HalfOps.brain(a), HalfOps.brain(b));
      default -> throw s.unsupported();
    };
  }

  private static Object floatTest(Statement s, String comparison) {
    return switch (comparison) {
      case "eq" -> (IntTest) (a, b) -> real(a) == real(b);
      case "lt" -> (IntTest) (a, b) -> real(a) < real(b);
      case "le" -> (IntTest) (a, b) -> real(a) <= real(b);
      case "gt" -> (IntTest) (a, b) -> real(a) > real(b);
      case "ge" -> (IntTest) (a, b) -> real(a) >= real(b);
      default -> {
        DoubleTest test = doubleTest(s, comparison);
        yield (IntTest) (a, b) -> test.of(real(a), real(b));
      }
    };
  }

  private interface DoubleTest {
    boolean of(double a, double b);
  }

  /** Those with a {@code u} at the end hold for NaN too. */
  private static DoubleTest doubleTest(Statement s, String comparison) {
    return switch (comparison) {
      case "eq" -> (a, b) -> a == b;
      case "ne" -> (a, b) -> a < b || a > b;
      case "lt" -> (a, b) -> a < b;
      case "le" -> (a, b) -> a <= b;
      case "gt" -> (a, b) -> a > b;
      case "ge" -> (a, b) -> a >= b;
      case "equ" -> (a, b) -> !(a < b || a > b);
      case "neu" -> (a, b) -> a != b;
      case "ltu" -> (a, b) -> !(a >= b);
      case "leu" -> (a, b) -> !(a > b);
      case "gtu" -> (a, b) -> !(a <= b);
      case "geu" -> (a, b) -> !(a < b);
      case "num" -> (a, b) -> !Double.isNaN(a) && !Double.isNaN(b);
      case "nan" -> (a, b) -> Double.isNaN(a) || Double.isNaN(b);
      default -> throw s.unsupported();
    };
  }
}
