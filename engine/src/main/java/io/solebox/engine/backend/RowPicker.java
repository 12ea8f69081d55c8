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

  private RowPicker() {}

  /**
   * Fills slot {@code slot} of {@code outputs}.
   *
   * @param logits f32 [V]; changed in place by the request's bias
   * @param hidden f32 [E], the normed hidden state of the same token
   */
  public static void answer(
      RowRequest request, MemorySegment logits, MemorySegment hidden, Outputs outputs, int slot) {
    switch (request) {
      case RowRequest.Argmax(_, var bias) -> {
        applyBias(logits, bias);
        int best = argmax(logits);
        outputs.candidateIds(slot)[0] = best;
        outputs.candidateLogits(slot)[0] = logits.getAtIndex(FLOAT, best);
        outputs.setCandidates(slot, 1, Float.NaN);
      }
      case RowRequest.TopK(_, var k, var bias) -> {
        applyBias(logits, bias);
        topK(logits, k, outputs, slot);
      }
      case RowRequest.Logits _ -> outputs.dense(slot).copyFrom(logits);
      case RowRequest.Hidden _ -> outputs.dense(slot).copyFrom(hidden);
    }
  }

  private static void applyBias(MemorySegment logits, SparseBias bias) {
    for (int i = 0; i < bias.size(); i++) {
      int id = bias.ids()[i];
      logits.setAtIndex(FLOAT, id, bias.apply(i, logits.getAtIndex(FLOAT, id)));
    }
  }

  private static int argmax(MemorySegment logits) {
    int n = (int) (logits.byteSize() / Float.BYTES);
    int best = 0;
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < n; i++) {
      float l = logits.getAtIndex(FLOAT, i);
      if (l > max) {
        max = l;
        best = i;
      }
    }
    return best;
  }

  private static void topK(MemorySegment logits, int k, Outputs outputs, int slot) {
    int n = (int) (logits.byteSize() / Float.BYTES);
    int kept = Math.min(k, n);
    // A sorted array with insertion: k is small and most logits lose against its last entry.
    int[] ids = outputs.candidateIds(slot);
    float[] best = outputs.candidateLogits(slot);
    Arrays.fill(best, 0, kept, Float.NEGATIVE_INFINITY);
    int filled = 0;
    for (int i = 0; i < n; i++) {
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
    outputs.setCandidates(slot, kept, logSumExp(logits, n, best[0]));
  }

  private static float logSumExp(MemorySegment logits, int n, float max) {
    double sum = 0;
    for (int i = 0; i < n; i++) {
      sum += Math.exp(logits.getAtIndex(FLOAT, i) - max);
    }
    return (float) (max + Math.log(sum));
  }
}
