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
  private static final int ALL = -1;
  private static final int LANES = Registers.LANES;

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
      case Int1 _ -> loop("rr", OfInt1.class, operation);
      case Int2 _ -> loop("rrr", OfInt2.class, operation);
      case Int3 _ -> loop("rrrr", OfInt3.class, operation);
      case Int4 _ -> loop("rrrrr", OfInt4.class, operation);
      case Long1 _ -> loop("qq", OfLong1.class, operation);
      case Long2 _ -> loop("qqq", OfLong2.class, operation);
      case Long3 _ -> loop("qqqq", OfLong3.class, operation);
      case IntToLong _ -> loop("qr", OfIntToLong.class, operation);
      case LongToInt _ -> loop("rq", OfLongToInt.class, operation);
      case IntsToLong _ -> loop("qrr", OfIntsToLong.class, operation);
      case IntsAndLong _ -> loop("qrrq", OfIntsAndLong.class, operation);
      case LongAndInt _ -> loop("qqr", OfLongAndInt.class, operation);
      case LongAndInts _ -> loop("qqrr", OfLongAndInts.class, operation);
      case IntTest _ -> loop("prr", OfIntTest.class, operation);
      case LongTest _ -> loop("pqq", OfLongTest.class, operation);
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

  static final class OfInt1 implements Instruction {
    private final Int1 f;
    private final int d;
    private final int a;

    OfInt1(Int1 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          r[d + l] = f.of(r[a + l]);
        }
      }
    }
  }

  static final class OfInt2 implements Instruction {
    private final Int2 f;
    private final int d;
    private final int a;
    private final int b;

    OfInt2(Int2 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          r[d + l] = f.of(r[a + l], r[b + l]);
        }
      }
    }
  }

  static final class OfInt3 implements Instruction {
    private final Int3 f;
    private final int d;
    private final int a;
    private final int b;
    private final int c;

    OfInt3(Int3 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
      c = slots[3];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          r[d + l] = f.of(r[a + l], r[b + l], r[c + l]);
        }
      }
    }
  }

  static final class OfInt4 implements Instruction {
    private final Int4 f;
    private final int d;
    private final int a;
    private final int b;
    private final int c;
    private final int e;

    OfInt4(Int4 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
      c = slots[3];
      e = slots[4];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          r[d + l] = f.of(r[a + l], r[b + l], r[c + l], r[e + l]);
        }
      }
    }
  }

  static final class OfLong1 implements Instruction {
    private final Long1 f;
    private final int d;
    private final int a;

    OfLong1(Long1 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
    }

    @Override
    public void run(Warp warp, int mask) {
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(q[a + l]);
        }
      }
    }
  }

  static final class OfLong2 implements Instruction {
    private final Long2 f;
    private final int d;
    private final int a;
    private final int b;

    OfLong2(Long2 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(q[a + l], q[b + l]);
        }
      }
    }
  }

  static final class OfLong3 implements Instruction {
    private final Long3 f;
    private final int d;
    private final int a;
    private final int b;
    private final int c;

    OfLong3(Long3 f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
      c = slots[3];
    }

    @Override
    public void run(Warp warp, int mask) {
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(q[a + l], q[b + l], q[c + l]);
        }
      }
    }
  }

  static final class OfIntToLong implements Instruction {
    private final IntToLong f;
    private final int d;
    private final int a;

    OfIntToLong(IntToLong f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(r[a + l]);
        }
      }
    }
  }

  static final class OfLongToInt implements Instruction {
    private final LongToInt f;
    private final int d;
    private final int a;

    OfLongToInt(LongToInt f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          r[d + l] = f.of(q[a + l]);
        }
      }
    }
  }

  static final class OfIntsToLong implements Instruction {
    private final IntsToLong f;
    private final int d;
    private final int a;
    private final int b;

    OfIntsToLong(IntsToLong f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(r[a + l], r[b + l]);
        }
      }
    }
  }

  static final class OfIntsAndLong implements Instruction {
    private final IntsAndLong f;
    private final int d;
    private final int a;
    private final int b;
    private final int c;

    OfIntsAndLong(IntsAndLong f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
      c = slots[3];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(r[a + l], r[b + l], q[c + l]);
        }
      }
    }
  }

  static final class OfLongAndInt implements Instruction {
    private final LongAndInt f;
    private final int d;
    private final int a;
    private final int b;

    OfLongAndInt(LongAndInt f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(q[a + l], r[b + l]);
        }
      }
    }
  }

  static final class OfLongAndInts implements Instruction {
    private final LongAndInts f;
    private final int d;
    private final int a;
    private final int b;
    private final int c;

    OfLongAndInts(LongAndInts f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
      c = slots[3];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      long[] q = warp.q;
      for (int l = 0; l < LANES; l++) {
        if (mask == ALL || on(mask, l)) {
          q[d + l] = f.of(q[a + l], r[b + l], r[c + l]);
        }
      }
    }
  }

  static final class OfIntTest implements Instruction {
    private final IntTest f;
    private final int d;
    private final int a;
    private final int b;

    OfIntTest(IntTest f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      int[] r = warp.r;
      int result = 0;
      for (int l = 0; l < LANES; l++) {
        result |= f.of(r[a + l], r[b + l]) ? 1 << l : 0;
      }
      warp.setPredicate(d, result, mask);
    }
  }

  static final class OfLongTest implements Instruction {
    private final LongTest f;
    private final int d;
    private final int a;
    private final int b;

    OfLongTest(LongTest f, int... slots) {
      this.f = f;
      d = slots[0];
      a = slots[1];
      b = slots[2];
    }

    @Override
    public void run(Warp warp, int mask) {
      long[] q = warp.q;
      int result = 0;
      for (int l = 0; l < LANES; l++) {
        result |= f.of(q[a + l], q[b + l]) ? 1 << l : 0;
      }
      warp.setPredicate(d, result, mask);
    }
  }
}
