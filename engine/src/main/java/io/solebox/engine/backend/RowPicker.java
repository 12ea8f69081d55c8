package io.solebox.engine.backend;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * Answers row requests from a row of logits, in plain loops: the truth for backends that pick on
 * the device, and good enough for those whose logits are in host memory anyway.
 */
public final class RowPicker {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
  private static final int PART = 1024;

  private RowPicker() {}

  /**
   * Fills slot {@code slot} of {@code outputs}.
   *
   * @param logits f32 [V]; changed in place by the request's edit
   */
  public static void answer(RowRequest request, MemorySegment logits, Outputs outputs, int slot) {
    int vocab = (int) (logits.byteSize() / Float.BYTES);
    if (!isFinite(logits, vocab)) {
      outputs.setNonFinite(slot);
    }
    switch (request) {
      case RowRequest.Argmax(_, var edit) -> {
        edit.apply(logits, 0, vocab);
        choose(argmax(logits, vocab), logits, outputs, slot);
      }
      case RowRequest.TopK(_, var k, var edit) -> {
        edit.apply(logits, 0, vocab);
        topK(logits, vocab, k, outputs, slot);
      }
      case RowRequest.Nucleus(_, var k, var share, var edit) -> {
        edit.apply(logits, 0, vocab);
        topK(logits, vocab, k, outputs, slot);
        float max = outputs.candidateLogits(slot)[0];
        double sum = expSum(logits, 0, vocab, max, 1);
        if (outputs.setNucleus(slot, (float) (max + Math.log(sum)), share)) {
          outputs.dense(slot).copyFrom(logits);
        }
      }
      case RowRequest.Draw(_, var temperature, var u, var edit) -> {
        edit.apply(logits, 0, vocab);
        choose(draw(logits, 0, vocab, temperature, u), logits, outputs, slot);
      }
      case RowRequest.Score(_, var id) -> {
        float max = logits.getAtIndex(FLOAT, argmax(logits, vocab));
        double sum = expSum(logits, 0, vocab, max, 1);
        outputs.setScore(slot, id, logits.getAtIndex(FLOAT, id), (float) (max + Math.log(sum)));
      }
      case RowRequest.Logits _ -> outputs.dense(slot).copyFrom(logits);
      case RowRequest.Hidden _ -> throw new IllegalArgumentException("no row of logits");
    }
  }

  /** Whether a row has neither a NaN nor a positive infinity; nothing is chosen from others. */
  private static boolean isFinite(MemorySegment logits, int vocab) {
    for (int i = 0; i < vocab; i++) {
      if (!(logits.getAtIndex(FLOAT, i) < Float.POSITIVE_INFINITY)) {
        return false;
      }
    }
    return true;
  }

  private static void choose(int id, MemorySegment logits, Outputs outputs, int slot) {
    outputs.setCandidate(slot, id, logits.getAtIndex(FLOAT, id));
  }

  private static int argmax(MemorySegment logits, int vocab) {
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < vocab; i++) {
      float l = logits.getAtIndex(FLOAT, i);
      if (l > max) {
        max = l;
        best = i;
      }
    }
    return best;
  }

  private static void topK(MemorySegment logits, int vocab, int k, Outputs outputs, int slot) {
    int kept = Math.min(k, vocab);
    // A sorted array with insertion: k is small and most logits lose against its last entry.
    int[] ids = outputs.candidateIds(slot);
    float[] best = outputs.candidateLogits(slot);
    Arrays.fill(best, 0, kept, Float.NEGATIVE_INFINITY);
    int filled = 0;
    for (int i = 0; i < vocab; i++) {
      float l = logits.getAtIndex(FLOAT, i);
      if (filled < kept || l > best[kept - 1]) {
        int at = filled < kept ? filled++ : kept - 1;
        while (at > 0 && best[at - 1] < l) {
          best[at] = best[at - 1];
          ids[at] = ids[at - 1];
          at--;
        }
        best[at] = l;
        ids[at] = i;
      }
    }
    outputs.setCandidates(slot, kept);
  }

  /** As {@link RowRequest.Draw} says, from logits f32 [V] that begin at byte {@code at}. */
  public static int draw(MemorySegment logits, long at, int vocab, double temperature, double u) {
    double max = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < vocab; i++) {
      max = Math.max(max, logits.get(FLOAT, at + 4L * i));
    }
    // A sum per part, so that only the part that is met is looked at again.
    double[] sums = new double[Math.ceilDiv(vocab, PART)];
    double all = 0;
    int weighty = 0; // the last part that weighs anything
    for (int p = 0; p < sums.length; p++) {
      int n = Math.min(PART, vocab - p * PART);
      sums[p] = expSum(logits, at + 4L * PART * p, n, max, temperature);
      all += sums[p];
      weighty = sums[p] > 0 ? p : weighty;
    }
    double left = u * all;
    int part = 0;
    while (part < weighty && left >= sums[part]) {
      left -= sums[part++];
    }
    return drawFrom(
        logits, at, part * PART, Math.min(vocab, (part + 1) * PART), max, temperature, left);
  }

  private static int drawFrom(
      MemorySegment logits,
      long at,
      int from,
      int to,
      double max,
      double temperature,
      double mass) {
    double left = mass;
    int last = from;
    for (int i = from; i < to; i++) {
      double weight = Math.exp((logits.get(FLOAT, at + 4L * i) - max) / temperature);
      last = weight > 0 ? i : last;
      left -= weight;
      if (left < 0) {
        return i;
      }
    }
    return last; // what rounding left over
  }

  private static double expSum(
      MemorySegment logits, long at, int vocab, double max, double temperature) {
    double sum = 0;
    for (int i = 0; i < vocab; i++) {
      sum += Math.exp((logits.get(FLOAT, at + 4L * i) - max) / temperature);
    }
    return sum;
  }
}
