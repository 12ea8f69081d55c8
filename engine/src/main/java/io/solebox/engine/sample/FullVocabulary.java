package io.solebox.engine.sample;

import io.solebox.engine.generation.SamplingParams;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Draws from all logits of a row without sorting more of them than the filters can keep. */
final class FullVocabulary {
  private FullVocabulary() {}

  /** Whether every token may be drawn, so that nothing needs sorting. */
  static boolean isUnfiltered(SamplingParams p) {
    return !p.isGreedy()
        && p.topK() == SamplingParams.ALL
        && p.topP() == 1
        && p.minP() == 0
        && p.typicalP() == 1;
  }

  /** Draws in the order of ids; {@code u} is uniform in [0, 1). */
  static int draw(MemorySegment logits, int vocab, double temperature, double u) {
    double max = max(logits, vocab);
    double left = u * mass(logits, vocab, max, temperature);
    int last = 0;
    for (int i = 0; i < vocab; i++) {
      double weight = Math.exp((at(logits, i) - max) / temperature);
      if (weight > 0) {
        last = i;
      }
      left -= weight;
      if (left < 0) {
        return i;
      }
    }
    return last;
  }

  /** Fills {@code candidates} with at least those that the filters of {@code params} can keep. */
  static void gather(
      SamplingParams params, MemorySegment logits, int vocab, Candidates candidates) {
    double max = max(logits, vocab);
    if (params.isGreedy()) {
      candidates.gather(logits, vocab, max, 1);
      return;
    }
    double mass = mass(logits, vocab, max, 1);
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

  private static double mass(MemorySegment logits, int vocab, double max, double temperature) {
    double sum = 0;
    for (int i = 0; i < vocab; i++) {
      sum += Math.exp((at(logits, i) - max) / temperature);
    }
    return sum;
  }

  private static float at(MemorySegment logits, int i) {
    return logits.getAtIndex(ValueLayout.JAVA_FLOAT, i);
  }
}
