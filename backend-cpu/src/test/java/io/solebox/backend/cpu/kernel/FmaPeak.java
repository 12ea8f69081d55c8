package io.solebox.backend.cpu.kernel;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/** How many f32 multiply-adds a second this machine does at most: what prefill is held against. */
public final class FmaPeak {
  private static final int ROUNDS = 20;
  private static final int CHAINS = 10;
  private static final int STEPS = 4_000_000;
  private static volatile float sink;

  private FmaPeak() {}

  /** Of all threads together, in vectors as wide as the kernels'; the best of some rounds. */
  public static double perSecond(int threads) {
    double best = 0;
    for (int i = 0; i < ROUNDS; i++) {
      long start = System.nanoTime();
      List<Thread> running = new ArrayList<>();
      for (int t = 0; t < threads; t++) {
        running.add(Thread.ofPlatform().start(FmaPeak::steps));
      }
      running.forEach(FmaPeak::join);
      double seconds = (System.nanoTime() - start) / 1e9;
      best = Math.max(best, (double) threads * STEPS * CHAINS * Lanes.L / seconds);
    }
    return best;
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As many chains as keep two units busy, each waiting for the last but {@value #CHAINS}. */
  private static void steps() {
    FloatVector x = Lanes.all(0.999f);
    FloatVector y = Lanes.all(0.001f);
    FloatVector a = x;
    FloatVector b = x;
    FloatVector c = x;
    FloatVector d = x;
    FloatVector e = x;
    FloatVector f = x;
    FloatVector g = x;
    FloatVector h = x;
    FloatVector i = x;
    FloatVector j = x;
    for (int n = 0; n < STEPS; n++) {
      a = a.fma(x, y);
      b = b.fma(x, y);
      c = c.fma(x, y);
      d = d.fma(x, y);
      e = e.fma(x, y);
      f = f.fma(x, y);
      g = g.fma(x, y);
      h = h.fma(x, y);
      i = i.fma(x, y);
      j = j.fma(x, y);
    }
    FloatVector all = a.add(b).add(c).add(d).add(e).add(f).add(g).add(h).add(i).add(j);
    sink = Lanes.sum(all);
  }
}
