package io.solebox.backend.cpu.kernel;

import static io.solebox.backend.cpu.kernel.Lanes.L;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** What rows of logits f32 [V] are reduced to before they leave the backend. */
public final class RowKernel {
  private RowKernel() {}

  /** Whether no logit is NaN or positive infinity. */
  public static boolean isFinite(MemorySegment logits, long at, int vocab) {
    for (int i = 0; i < vocab; i++) {
      if (!(logit(logits, at, i) < Float.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return true;
  }

  public static float logit(MemorySegment logits, long at, int id) {
    return logits.get(Lanes.FLOAT, at + 4L * id);
  }

  /** The lowest id with the highest logit. */
  public static int argmax(MemorySegment logits, long at, int vocab, boolean plain) {
    float max = max(logits, at, vocab, plain);
    int id = 0;
    int main = plain ? 0 : vocab - vocab % L;
    for (; id < main; id += L) {
      VectorMask<Float> hit = Lanes.floats(logits, at + 4L * id).eq(max);
      if (hit.anyTrue()) {
        return id + hit.firstTrue();
      }
    }
    while (id < vocab && logit(logits, at, id) != max) {
      id++;
    }
    return id < vocab ? id : 0;
  }

  private static float max(MemorySegment logits, long at, int vocab, boolean plain) {
    int main = plain ? 0 : vocab - vocab % L;
    float max = plain ? Float.NEGATIVE_INFINITY : max(logits, at, main);
    for (int i = main; i < vocab; i++) {
      max = Math.max(max, logit(logits, at, i));
    }
    return max;
  }

  private static float max(MemorySegment logits, long at, int count) {
    FloatVector best = Lanes.all(Float.NEGATIVE_INFINITY);
    for (int i = 0; i < count; i += L) {
      best = best.max(Lanes.floats(logits, at + 4L * i));
    }
    return best.reduceLanes(VectorOperators.MAX);
  }

  /** The log of the sum of exp of all logits, exp in f32 and sums in f64. */
  public static float logSumExp(MemorySegment logits, long at, int vocab, boolean plain) {
    float max = max(logits, at, vocab, plain);
    double sum = 0;
    int main = vocab - vocab % L;
    int run = 16 * L;
    for (int i = 0; i < main; i += run) {
      int to = Math.min(main, i + run);
      sum += plain ? Plain.expSum(logits, at, i, to, max) : expSum(logits, at, i, to, max);
    }
    for (int i = main; i < vocab; i++) {
      sum += Math.exp((double) logit(logits, at, i) - max);
    }
    return (float) (max + Math.log(sum));
  }

  private static float expSum(MemorySegment logits, long at, int from, int to, float max) {
    FloatVector sums = Lanes.zero();
    for (int i = from; i < to; i += L) {
      sums = sums.add(Lanes.exp(Lanes.floats(logits, at + 4L * i).sub(max)));
    }
    return Lanes.sum(sums);
  }

  /**
   * The best {@code k} ids, best first, ties by id. A vector at a time is compared with the worst
   * candidate so far; the few that pass are inserted in order.
   *
   * @return how many there are: {@code k}, or {@code vocab} if that is less
   */
  public static int topK(
      MemorySegment logits, long at, int vocab, int k, int[] ids, float[] best, boolean plain) {
    int kept = Math.min(k, vocab);
    int filled = 0;
    int main = plain ? 0 : vocab - vocab % L;
    for (int i = 0; i < vocab; i += i < main ? L : 1) {
      int n = i < main ? L : 1;
      if (filled == kept
          && n == L
          && !Lanes.floats(logits, at + 4L * i)
              .compare(VectorOperators.GT, best[kept - 1])
              .anyTrue()) {
        continue;
      }
      for (int id = i; id < i + n; id++) {
        float logit = logit(logits, at, id);
        if (filled < kept || logit > best[kept - 1]) {
          filled = Math.min(kept, filled + 1);
          insert(ids, best, filled - 1, id, logit);
        }
      }
    }
    return kept;
  }

  /** Puts an id before all that are worse, dropping what stood at {@code last}. */
  private static void insert(int[] ids, float[] best, int last, int id, float logit) {
    int at = last;
    while (at > 0 && best[at - 1] < logit) {
      best[at] = best[at - 1];
      ids[at] = ids[at - 1];
      at--;
    }
    best[at] = logit;
    ids[at] = id;
  }
}
