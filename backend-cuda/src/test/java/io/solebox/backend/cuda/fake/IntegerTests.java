package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.IntTest;
import io.solebox.backend.cuda.fake.Loops.LongTest;

/** Comparisons of integers on one lane. */
final class IntegerTests {
  private IntegerTests() {}

  /** {@code setp} on integers. */
  static Object of(Statement s, String comparison) {
    Type type = s.type();
    boolean signed = type.signed();
    if (type.bits == 64) {
      return switch (comparison) {
        case "eq" -> (LongTest) (a, b) -> a == b;
        case "ne" -> (LongTest) (a, b) -> a != b;
        case "lt", "lo" -> (LongTest) (a, b) -> compare(a, b, signed) < 0;
        case "le", "ls" -> (LongTest) (a, b) -> compare(a, b, signed) <= 0;
        case "gt", "hi" -> (LongTest) (a, b) -> compare(a, b, signed) > 0;
        case "ge", "hs" -> (LongTest) (a, b) -> compare(a, b, signed) >= 0;
        default -> throw s.unsupported();
      };
    }
    return switch (comparison) {
      case "eq" -> (IntTest) (a, b) -> a == b;
      case "ne" -> (IntTest) (a, b) -> a != b;
      case "lt", "lo" -> (IntTest) (a, b) -> compare(a, b, type) < 0;
      case "le", "ls" -> (IntTest) (a, b) -> compare(a, b, type) <= 0;
      case "gt", "hi" -> (IntTest) (a, b) -> compare(a, b, type) > 0;
      case "ge", "hs" -> (IntTest) (a, b) -> compare(a, b, type) >= 0;
      default -> throw s.unsupported();
    };
  }

  private static int compare(int a, int b, Type type) {
    if (type.bits == 16) {
      return Integer.compare(IntegerOps.extend16(type, a), IntegerOps.extend16(type, b));
    }
    return type.signed() ? Integer.compare(a, b) : Integer.compareUnsigned(a, b);
  }

  private static int compare(long a, long b, boolean signed) {
    return signed ? Long.compare(a, b) : Long.compareUnsigned(a, b);
  }
}
