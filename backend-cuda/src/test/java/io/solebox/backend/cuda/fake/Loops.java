package io.solebox.backend.cuda.fake;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;

/**
 * Loops over the lanes of a warp around an operation on one lane. Each operation gets its own copy
 * of the loop's class: so the just-in-time compiler sees one target at the call in that copy and
 * inlines it, and the interpreter runs many times faster than with a call per lane.
 */
final class Loops {
  /** A mask with all lanes in it. */
  static final int ALL = -1;

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
   * A loop around one operation.
   *
   * @param files the register file of the result and of each operand: {@code r}, {@code q} or
   *     {@code p}
   */
  record Loop(String files, Constructor<?> constructor, Object operation) {
    /** An instruction with these slots, the result's first. */
    Instruction at(int... slots) {
      try {
        return (Instruction) constructor.newInstance(operation, slots);
      } catch (ReflectiveOperationException e) {
        throw new AssertionError(e);
      }
    }
  }

  static Loop around(Object operation) {
    return switch (operation) {
      case Int1 _ -> loop("rr", IntLoops.OfInt1.class, operation);
      case Int2 _ -> loop("rrr", IntLoops.OfInt2.class, operation);
      case Int3 _ -> loop("rrrr", IntLoops.OfInt3.class, operation);
      case Int4 _ -> loop("rrrrr", IntLoops.OfInt4.class, operation);
      case Long1 _ -> loop("qq", LongLoops.OfLong1.class, operation);
      case Long2 _ -> loop("qqq", LongLoops.OfLong2.class, operation);
      case Long3 _ -> loop("qqqq", LongLoops.OfLong3.class, operation);
      case IntToLong _ -> loop("qr", MixedLoops.OfIntToLong.class, operation);
      case LongToInt _ -> loop("rq", MixedLoops.OfLongToInt.class, operation);
      case IntsToLong _ -> loop("qrr", MixedLoops.OfIntsToLong.class, operation);
      case IntsAndLong _ -> loop("qrrq", MixedLoops.OfIntsAndLong.class, operation);
      case LongAndInt _ -> loop("qqr", LongLoops.OfLongAndInt.class, operation);
      case LongAndInts _ -> loop("qqrr", LongLoops.OfLongAndInts.class, operation);
      case IntTest _ -> loop("prr", IntLoops.OfIntTest.class, operation);
      case LongTest _ -> loop("pqq", LongLoops.OfLongTest.class, operation);
      default -> throw new IllegalArgumentException(operation.getClass().getName());
    };
  }

  private static Loop loop(String files, Class<?> loop, Object operation) {
    return new Loop(files, copy(loop).getDeclaredConstructors()[0], operation);
  }

  private static Class<?> copy(Class<?> loop) {
    String file = loop.getName().substring(loop.getPackageName().length() + 1) + ".class";
    try (InputStream bytes = loop.getResourceAsStream(file)) {
      return MethodHandles.lookup().defineHiddenClass(bytes.readAllBytes(), true).lookupClass();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalAccessException e) {
      throw new AssertionError(e);
    }
  }

  static boolean on(int mask, int lane) {
    return (mask >>> lane & 1) != 0;
  }
}
