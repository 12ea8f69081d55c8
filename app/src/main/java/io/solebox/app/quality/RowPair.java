package io.solebox.app.quality;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What two models say at one place of a text.
 *
 * @param divergence of Kullback and Leibler, of the second from the first: the sum over all tokens
 *     of {@code p_a (ln p_a - ln p_b)}, in nats; not negative
 * @param agrees whether both have the same likeliest token, ties going to the lowest id
 * @param logprobA natural log of the probability of the token that follows
 */
record RowPair(double divergence, boolean agrees, double logprobA, double logprobB) {
  private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /**
   * @param a logits f32 [V] of the first model
   * @param b logits f32 [V] of the second
   * @param next the token that follows
   * @throws SoleboxException {@code NON_FINITE} where a logit is no number, or where what one model
   *     rules out makes the divergence infinite
   */
  static RowPair of(MemorySegment a, MemorySegment b, int next) {
    int vocab = (int) (a.byteSize() / Float.BYTES);
    int bestA = argmax(a, vocab);
    int bestB = argmax(b, vocab);
    double maxA = a.getAtIndex(FLOAT, bestA);
    double maxB = b.getAtIndex(FLOAT, bestB);
    double sumA = 0;
    double sumB = 0;
    double weighted = 0; // of the differences of logits, by the first model's weights
    for (int i = 0; i < vocab; i++) {
      double logitA = a.getAtIndex(FLOAT, i);
      double logitB = b.getAtIndex(FLOAT, i);
      double weight = Math.exp(logitA - maxA);
      sumA += weight;
      sumB += Math.exp(logitB - maxB);
      if (weight > 0) {
        weighted += weight * ((logitA - maxA) - (logitB - maxB));
      }
    }
    double divergence = weighted / sumA - Math.log(sumA) + Math.log(sumB);
    double logprobA = a.getAtIndex(FLOAT, next) - maxA - Math.log(sumA);
    double logprobB = b.getAtIndex(FLOAT, next) - maxB - Math.log(sumB);
    if (!Double.isFinite(divergence)) {
      throw new SoleboxException(
          ErrorCode.NON_FINITE,
          "logits",
          "A model computed something that is not a number (NaN or infinite).",
          "Try --kv-type f32. If that does not help, a model file is damaged: verify it, or download"
              + " it again.");
    }
    return new RowPair(Math.max(0, divergence), bestA == bestB, logprobA, logprobB);
  }

  private static int argmax(MemorySegment logits, int vocab) {
    int best = 0;
    for (int i = 1; i < vocab; i++) {
      if (logits.getAtIndex(FLOAT, i) > logits.getAtIndex(FLOAT, best)) {
        best = i;
      }
    }
    return best;
  }
}
