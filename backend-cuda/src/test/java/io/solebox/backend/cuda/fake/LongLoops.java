package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Long1;
import io.solebox.backend.cuda.fake.Loops.Long2;
import io.solebox.backend.cuda.fake.Loops.Long3;
import io.solebox.backend.cuda.fake.Loops.LongAndInt;
import io.solebox.backend.cuda.fake.Loops.LongAndInts;
import io.solebox.backend.cuda.fake.Loops.LongTest;

/** Loops over 64-bit registers, and over those with a count in a smaller one. See {@link Loops}. */
final class LongLoops {
  private LongLoops() {}

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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
          q[d + l] = f.of(q[a + l], q[b + l], q[c + l]);
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
          q[d + l] = f.of(q[a + l], r[b + l], r[c + l]);
        }
      }
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
      for (int l = 0; l < Registers.LANES; l++) {
        result |= f.of(q[a + l], q[b + l]) ? 1 << l : 0;
      }
      warp.setPredicate(d, result, mask);
    }
  }
}
