package io.solebox.engine.sample;

import io.solebox.engine.generation.Generation;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;

/** The model's own log-probabilities of one row, taken before any bias. */
final class LogprobTable {
  private final float[] all;
  private final List<Generation.Candidate> top;

  private LogprobTable(float[] all, List<Generation.Candidate> top) {
    this.all = all;
    this.top = top;
  }

  /** Natural logs of softmax over f32 [V], and the {@code n} best. */
  static LogprobTable of(MemorySegment logits, int vocab, int n) {
    float[] all = new float[vocab];
    MemorySegment.copy(logits, ValueLayout.JAVA_FLOAT, 0, all, 0, vocab);
    float max = Float.NEGATIVE_INFINITY;
    for (float l : all) {
      max = Math.max(max, l);
    }
    double sum = 0;
    for (float l : all) {
      sum += Math.exp(l - max);
    }
    double logSum = max + Math.log(sum);
    for (int i = 0; i < vocab; i++) {
      all[i] = (float) (all[i] - logSum);
    }
    return new LogprobTable(all, best(all, n));
  }

  private static List<Generation.Candidate> best(float[] all, int n) {
    var best = new ArrayList<Generation.Candidate>();
    for (int i = 0; n > 0 && i < all.length; i++) {
      if (best.size() < n || all[i] > best.getLast().logprob()) {
        if (best.size() == n) {
          best.removeLast();
        }
        int at = best.size();
        while (at > 0 && best.get(at - 1).logprob() < all[i]) {
          at--;
        }
        best.add(at, new Generation.Candidate(i, all[i]));
      }
    }
    return List.copyOf(best);
  }

  Generation.Logprobs of(int id) {
    return new Generation.Logprobs(all[id], top);
  }
}
