package io.solebox.engine.sample;

import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Finds the candidates among all logits of a row, sorting no more than the filters can keep. */
final class FullVocabulary {
  private FullVocabulary() {}

  /** Fills {@code candidates} with at least those that the filters of {@code params} can keep. */
  static void gather(
      SamplingParams params, MemorySegment logits, int vocab, Candidates candidates) {
    double max = max(logits, vocab);
    if (params.isGreedy()) {
      candidates.gather(logits, vocab, max, 1);
      return;
    }
    double mass = mass(logits, vocab, max);
    boolean onlyLikely = params.topK() == SamplingParams.ALL && params.typicalP() == 1;
    if (onlyLikely && params.topP() < 1) {
      gatherMass(logits, vocab, max, mass, params.topP(), candidates);
    } else if (onlyLikely && params.minP() > 0) {
      candidates.gather(logits, vocab, max + Math.log(params.minP()), mass);
    } else {
      candidates.gather(logits, vocab, Double.NEGATIVE_INFINITY, mass);
    }
  }

  /** Lowers the threshold until what lies above it has the share {@code topP} of all. */
  private static void gatherMass(
      MemorySegment logits,
      int vocab,
      double max,
      double mass,
      double topP,
      Candidates candidates) {
    for (double below = 4; below < 128; below *= 2) {
      double above = 0;
      for (int i = 0; i < vocab; i++) {
        double l = at(logits, i);
        above += l >= max - below ? Math.exp(l - max) : 0;
      }
      if (above >= topP * mass) {
        candidates.gather(logits, vocab, max - below, mass);
        return;
      }
    }
    candidates.gather(logits, vocab, Double.NEGATIVE_INFINITY, mass);
  }

  private static double max(MemorySegment logits, int vocab) {
    float max = Float.NEGATIVE_INFINITY;
    for (int i = 0; i < vocab; i++) {
      max = Math.max(max, at(logits, i));
    }
    return max;
  }

  private static double mass(MemorySegment logits, int vocab, double max) {
    double sum = 0;
    for (int i = 0; i < vocab; i++) {
      sum += Math.exp(at(logits, i) - max);
    }
    return sum;
  }

  private static float at(MemorySegment logits, int i) {
    return logits.getAtIndex(ValueLayout.JAVA_FLOAT, i);
  }
}
