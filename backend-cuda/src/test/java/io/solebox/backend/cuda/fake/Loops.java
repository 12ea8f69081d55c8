package io.solebox.backend.cuda.fake;

import java.util.Map;
import java.util.Map.Entry;

/**
 * Operations on one lane, and the loops over the lanes of a warp that are made of them ({@link
 * LoopClass}).
 */
final class Loops {
  private Loops() {}

  interface Int1 {
    int of(int a);
  }

  interface Int2 {
    int of(int a, int b);
  }

  interface Int3 {
    int of(int a, int b, int c);
  }

  interface Int4 {
    int of(int a, int b, int c, int d);
  }

  interface Long1 {
    long of(long a);
  }

  interface Long2 {
    long of(long a, long b);
  }

  interface Long3 {
    long of(long a, long b, long c);
  }

  /** A widening conversion. */
  interface IntToLong {
    long of(int a);
  }

  /** A narrowing conversion. */
  interface LongToInt {
    int of(long a);
  }

  /** A widening product. */
  interface IntsToLong {
    long of(int a, int b);
  }

  /** A widening product and a sum. */
  interface IntsAndLong {
    long of(int a, int b, long c);
  }

  /** A shift. */
  interface LongAndInt {
    long of(long a, int b);
  }

  /** A bit field. */
  interface LongAndInts {
    long of(long a, int b, int c);
  }

  interface IntTest {
    boolean of(int a, int b);
  }

  interface LongTest {
    boolean of(long a, long b);
  }

  /**
   * The register file of the result and of each operand, by the operation's interface: {@code r} of
   * up to 32 bits, {@code q} of 64, {@code p} of predicates.
   */
  private static final Map<Class<?>, String> FILES =
      Map.ofEntries(
          Map.entry(Int1.class, "rr"),
          Map.entry(Int2.class, "rrr"),
          Map.entry(Int3.class, "rrrr"),
          Map.entry(Int4.class, "rrrrr"),
          Map.entry(Long1.class, "qq"),
          Map.entry(Long2.class, "qqq"),
          Map.entry(Long3.class, "qqqq"),
          Map.entry(IntToLong.class, "qr"),
          Map.entry(LongToInt.class, "rq"),
          Map.entry(IntsToLong.class, "qrr"),
          Map.entry(IntsAndLong.class, "qrrq"),
          Map.entry(LongAndInt.class, "qqr"),
          Map.entry(LongAndInts.class, "qqrr"),
          Map.entry(IntTest.class, "prr"),
          Map.entry(LongTest.class, "pqq"));

  /** A loop around an operation that is one of the interfaces above. */
  static LoopClass around(Object operation) {
    Entry<Class<?>, String> found =
        FILES.entrySet().stream()
            .filter(entry -> entry.getKey().isInstance(operation))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException(operation.getClass().getName()));
    return LoopClass.define(found.getKey(), found.getValue(), operation);
  }

  static boolean on(int mask, int lane) {
    return (mask >>> lane & 1) != 0;
  }
}
