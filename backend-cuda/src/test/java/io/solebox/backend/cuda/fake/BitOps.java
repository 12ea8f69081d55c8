package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Int3;
import io.solebox.backend.cuda.fake.Loops.Int4;
import java.util.List;

/** Operations on one lane that take an integer for bits, fields or bytes, by opcode. */
final class BitOps {
  private BitOps() {}

  /** Of 32 bits, where {@link IntegerOps} knows no such opcode. */
  static Object of(Statement s, boolean signed) {
    return switch (s.operation()) {
      case "shf" -> funnelShift(s);
      case "bfe" -> (Int3) (a, b, c) -> extract(a, b & 0xff, c & 0xff, signed);
      case "bfi" -> (Int4) (a, b, c, d) -> insert(a, b, c & 0xff, d & 0xff);
      case "prmt" -> permute(s);
      case "lop3" -> (Int4) BitOps::logic3;
      case "dp4a" -> dotProduct(s);
      default -> throw s.unsupported();
    };
  }

  private static Object funnelShift(Statement s) {
    boolean wrap = s.has("wrap");
    if (s.has("l")) {
      return (Int3)
          (a, b, c) -> (int) (joined(a, b) << (wrap ? c & 31 : IntegerOps.clamp(c, 32)) >>> 32);
    }
    return (Int3) (a, b, c) -> (int) (joined(a, b) >>> (wrap ? c & 31 : IntegerOps.clamp(c, 32)));
  }

  private static long joined(int low, int high) {
    return (long) high << 32 | low & 0xffffffffL;
  }

  private static int extract(int a, int from, int count, boolean signed) {
    return (int) extract(signed ? a : a & 0xffffffffL, from, Math.min(count, 32), signed);
  }

  /** Beyond the top come zeros, or copies of the sign. */
  static long extract(long a, int from, int count, boolean signed) {
    if (count == 0) {
      return 0;
    }
    int unused = Math.max(0, 64 - count);
    if (signed) {
      return a >> Math.min(from, 63) << unused >> unused;
    }
    return from > 63 ? 0 : a >>> from << unused >>> unused;
  }

  private static int insert(int a, int b, int from, int count) {
    if (from > 31 || count == 0) {
      return b;
    }
    int mask = (int) ((1L << Math.min(count, 32)) - 1 << from);
    return b & ~mask | a << from & mask;
  }

  private static Object permute(Statement s) {
    if (!s.suffixes().equals(List.of("b32"))) {
      throw s.unsupported(); // the modes with names
    }
    return (Int3)
        (a, b, c) -> {
          long bytes = joined(a, b);
          int result = 0;
          for (int i = 0; i < 4; i++) {
            int selector = c >>> 4 * i;
            int value = (int) (bytes >>> 8 * (selector & 7)) & 0xff;
            boolean sign = (selector & 8) != 0;
            result |= (sign ? (value >> 7) * 0xff : value) << 8 * i;
          }
          return result;
        };
  }

  private static int logic3(int a, int b, int c, int table) {
    int result = 0;
    for (int i = 0; i < 8; i++) {
      if ((table >> i & 1) != 0) {
        result |= ((i & 4) != 0 ? a : ~a) & ((i & 2) != 0 ? b : ~b) & ((i & 1) != 0 ? c : ~c);
      }
    }
    return result;
  }

  private static Object dotProduct(Statement s) {
    return switch (s.opcode()) {
      case "dp4a.s32.s32" ->
          (Int3)
              (a, b, c) ->
                  c
                      + (byte) a * (byte) b
                      + (byte) (a >> 8) * (byte) (b >> 8)
                      + (byte) (a >> 16) * (byte) (b >> 16)
                      + (a >> 24) * (b >> 24);
      case "dp4a.u32.s32" ->
          (Int3)
              (a, b, c) ->
                  c
                      + (a & 0xff) * (byte) b
                      + (a >> 8 & 0xff) * (byte) (b >> 8)
                      + (a >> 16 & 0xff) * (byte) (b >> 16)
                      + (a >>> 24) * (b >> 24);
      case "dp4a.s32.u32" ->
          (Int3)
              (a, b, c) ->
                  c
                      + (byte) a * (b & 0xff)
                      + (byte) (a >> 8) * (b >> 8 & 0xff)
                      + (byte) (a >> 16) * (b >> 16 & 0xff)
                      + (a >> 24) * (b >>> 24);
      case "dp4a.u32.u32" ->
          (Int3)
              (a, b, c) ->
                  c
                      + (a & 0xff) * (b & 0xff)
                      + (a >> 8 & 0xff) * (b >> 8 & 0xff)
                      + (a >> 16 & 0xff) * (b >> 16 & 0xff)
                      + (a >>> 24) * (b >>> 24);
      default -> throw s.unsupported();
    };
  }
}
