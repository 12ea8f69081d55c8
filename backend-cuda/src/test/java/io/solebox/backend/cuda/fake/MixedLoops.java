package io.solebox.backend.cuda.fake;

import io.solebox.backend.cuda.fake.Loops.IntToLong;
import io.solebox.backend.cuda.fake.Loops.IntsAndLong;
import io.solebox.backend.cuda.fake.Loops.IntsToLong;
import io.solebox.backend.cuda.fake.Loops.LongToInt;

/** Loops that widen or narrow. See {@link Loops}. */
final class MixedLoops {
  private MixedLoops() {}

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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
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
      for (int l = 0; l < Registers.LANES; l++) {
        if (mask == Loops.ALL || Loops.on(mask, l)) {
          q[d + l] = f.of(r[a + l], r[b + l], q[c + l]);
        }
      }
    }
  }
}
