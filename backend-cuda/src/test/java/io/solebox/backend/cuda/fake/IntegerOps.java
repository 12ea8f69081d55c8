package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Int1;
import io.solebox.backend.cuda.fake.Loops.Int2;
import io.solebox.backend.cuda.fake.Loops.Int3;
import io.solebox.backend.cuda.fake.Loops.IntsAndLong;
import io.solebox.backend.cuda.fake.Loops.IntsToLong;
import io.solebox.backend.cuda.fake.Loops.Long1;
import io.solebox.backend.cuda.fake.Loops.Long2;
import io.solebox.backend.cuda.fake.Loops.Long3;
import io.solebox.backend.cuda.fake.Loops.LongAndInt;
import io.solebox.backend.cuda.fake.Loops.LongAndInts;

/** Integer operations on one lane, by opcode. A 16-bit value lies in the low half of its int. */
final class IntegerOps {
  private IntegerOps() {}

  /** The operation, as one of the interfaces of {@link Loops}. */
  static Object of(Statement s) {
    Type type = s.type();
    if (s.has("wide")) {
      return wide(s, type);
    }
    if (s.has("sat") || s.has("cc")) {
      throw s.unsupported();
    }
    return switch (type.bits) {
      case 64 -> long64(s, type);
      case 32 -> int32(s, type);
      case 16 -> int16(s, type);
      default -> throw s.unsupported();
    };
  }

  private static Object wide(Statement s, Type type) {
    boolean mad = s.operation().equals("mad");
    if (type.bits == 16) {
      Int2 product = (a, b) -> extend16(type, a) * extend16(type, b);
      Int3 sum = (a, b, c) -> extend16(type, a) * extend16(type, b) + c;
      return mad ? sum : product;
    }
    if (type.signed()) {
      IntsToLong product = (a, b) -> (long) a * b;
      IntsAndLong sum = (a, b, c) -> (long) a * b + c;
      return mad ? sum : product;
    }
    IntsToLong product = (a, b) -> (a & 0xffffffffL) * (b & 0xffffffffL);
    IntsAndLong sum = (a, b, c) -> (a & 0xffffffffL) * (b & 0xffffffffL) + c;
    return mad ? sum : product;
  }

  static int extend16(Type type, int a) {
    return type.signed() ? (short) a : a & 0xffff;
  }

  private static Object int16(Statement s, Type type) {
    if (s.operation().equals("shl") || s.operation().equals("shr")) {
      Int2 left = (a, b) -> Integer.compareUnsigned(b, 15) > 0 ? 0 : a << b & 0xffff;
      Int2 right = (a, b) -> extend16(type, a) >> clamp(b, 31) & 0xffff;
      return s.operation().equals("shl") ? left : right;
    }
    if (s.operation().equals("mul") && s.has("hi")) {
      return (Int2) (a, b) -> extend16(type, a) * extend16(type, b) >> 16 & 0xffff;
    }
    // What fits 16 bits is right in 32, once the operands are extended and the result cut.
    return switch (int32(s, type)) {
      case Int1 f -> (Int1) a -> f.of(extend16(type, a)) & 0xffff;
      case Int2 f -> (Int2) (a, b) -> f.of(extend16(type, a), extend16(type, b)) & 0xffff;
      case Int3 f ->
          (Int3)
              (a, b, c) -> f.of(extend16(type, a), extend16(type, b), extend16(type, c)) & 0xffff;
      default -> throw s.unsupported();
    };
  }

  static int clamp(int shift, int most) {
    return Integer.compareUnsigned(shift, most) > 0 ? most : shift;
  }

  private static Object int32(Statement s, Type type) {
    boolean signed = type.signed();
    return switch (s.operation()) {
      case "add" -> (Int2) (a, b) -> a + b;
      case "sub" -> (Int2) (a, b) -> a - b;
      case "mul" -> multiply32(s, signed);
      case "mad" -> multiplyAdd32(s, signed);
      case "div" -> signed ? (Int2) IntegerOps::divide : (Int2) IntegerOps::divideUnsigned;
      case "rem" -> signed ? (Int2) IntegerOps::remainder : (Int2) IntegerOps::remainderUnsigned;
      case "min" -> signed ? (Int2) Math::min : (Int2) (a, b) -> lessUnsigned(a, b) ? a : b;
      case "max" -> signed ? (Int2) Math::max : (Int2) (a, b) -> lessUnsigned(a, b) ? b : a;
      case "and" -> (Int2) (a, b) -> a & b;
      case "or" -> (Int2) (a, b) -> a | b;
      case "xor" -> (Int2) (a, b) -> a ^ b;
      case "not" -> (Int1) a -> ~a;
      case "neg" -> (Int1) a -> -a;
      case "abs" -> (Int1) Math::abs;
      case "shl" -> (Int2) (a, b) -> Integer.compareUnsigned(b, 31) > 0 ? 0 : a << b;
      case "shr" ->
          signed
              ? (Int2) (a, b) -> a >> clamp(b, 31)
              : (Int2) (a, b) -> Integer.compareUnsigned(b, 31) > 0 ? 0 : a >>> b;
      case "popc" -> (Int1) Integer::bitCount;
      case "clz" -> (Int1) Integer::numberOfLeadingZeros;
      case "brev" -> (Int1) Integer::reverse;
      default -> BitOps.of(s, signed);
    };
  }

  private static Object multiply32(Statement s, boolean signed) {
    if (s.has("hi")) {
      return signed
          ? (Int2) (a, b) -> (int) ((long) a * b >> 32)
          : (Int2) (a, b) -> (int) ((a & 0xffffffffL) * (b & 0xffffffffL) >>> 32);
    }
    return (Int2) (a, b) -> a * b;
  }

  private static Object multiplyAdd32(Statement s, boolean signed) {
    if (s.has("hi")) {
      return signed
          ? (Int3) (a, b, c) -> (int) ((long) a * b >> 32) + c
          : (Int3) (a, b, c) -> (int) ((a & 0xffffffffL) * (b & 0xffffffffL) >>> 32) + c;
    }
    return (Int3) (a, b, c) -> a * b + c;
  }

  /** A division by zero is not defined on the device, but does not trap. */
  private static int divide(int a, int b) {
    return b == 0 ? -1 : a / b;
  }

  private static int divideUnsigned(int a, int b) {
    return b == 0 ? -1 : Integer.divideUnsigned(a, b);
  }

  private static int remainder(int a, int b) {
    return b == 0 ? -1 : a % b;
  }

  private static int remainderUnsigned(int a, int b) {
    return b == 0 ? -1 : Integer.remainderUnsigned(a, b);
  }

  private static boolean lessUnsigned(int a, int b) {
    return Integer.compareUnsigned(a, b) < 0;
  }

  private static Object long64(Statement s, Type type) {
    boolean signed = type.signed();
    return switch (s.operation()) {
      case "add" -> (Long2) (a, b) -> a + b;
      case "sub" -> (Long2) (a, b) -> a - b;
      case "mul" -> multiply64(s, signed);
      case "mad" -> {
        if (s.has("hi")) {
          throw s.unsupported();
        }
        yield (Long3) (a, b, c) -> a * b + c;
      }
      case "div" ->
          signed
              ? (Long2) (a, b) -> b == 0 ? -1 : a / b
              : (Long2) (a, b) -> b == 0 ? -1 : Long.divideUnsigned(a, b);
      case "rem" ->
          signed
              ? (Long2) (a, b) -> b == 0 ? -1 : a % b
              : (Long2) (a, b) -> b == 0 ? -1 : Long.remainderUnsigned(a, b);
      case "min" ->
          signed ? (Long2) Math::min : (Long2) (a, b) -> Long.compareUnsigned(a, b) < 0 ? a : b;
      case "max" ->
          signed ? (Long2) Math::max : (Long2) (a, b) -> Long.compareUnsigned(a, b) < 0 ? b : a;
      case "and" -> (Long2) (a, b) -> a & b;
      case "or" -> (Long2) (a, b) -> a | b;
      case "xor" -> (Long2) (a, b) -> a ^ b;
      case "not" -> (Long1) a -> ~a;
      case "neg" -> (Long1) a -> -a;
      case "abs" -> (Long1) Math::abs;
      case "shl" -> (LongAndInt) (a, b) -> Integer.compareUnsigned(b, 63) > 0 ? 0 : a << b;
      case "shr" ->
          signed
              ? (LongAndInt) (a, b) -> a >> clamp(b, 63)
              : (LongAndInt) (a, b) -> Integer.compareUnsigned(b, 63) > 0 ? 0 : a >>> b;
      case "bfe" -> (LongAndInts) (a, b, c) -> BitOps.extract(a, b & 0xff, c & 0xff, signed);
      default -> throw s.unsupported();
    };
  }

  private static Object multiply64(Statement s, boolean signed) {
    if (s.has("hi")) {
      return signed ? (Long2) Math::multiplyHigh : (Long2) Math::unsignedMultiplyHigh;
    }
    return (Long2) (a, b) -> a * b;
  }
}
