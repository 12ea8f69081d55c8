package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.Int1;
import io.solebox.backend.cuda.fake.Loops.Int2;
import io.solebox.backend.cuda.fake.Loops.Int3;
import io.solebox.backend.cuda.fake.Loops.Int4;
import io.solebox.backend.cuda.fake.Loops.IntTest;

/** Loops over 16- and 32-bit registers. See {@link Loops}. */
final class IntLoops {
  private IntLoops() {}

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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
          r[d + l] = f.of(r[a + l], r[b + l], r[c + l], r[e + l]);
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
      for (int l = 0; l < Registers.LANES; l++) {
        result |= f.of(r[a + l], r[b + l]) ? 1 << l : 0;
      }
      warp.setPredicate(d, result, mask);
    }
  }
}
