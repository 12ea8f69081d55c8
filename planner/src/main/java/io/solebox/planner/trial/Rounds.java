package io.solebox.planner.trial;

import io.solebox.engine.backend.KvType;
import io.solebox.planner.measured.MeasuredPaces;
import io.solebox.planner.work.StepWork;

/**
 * Measures in turns, so that what others do to the machine meanwhile is done to all alike, and
 * tells apart what a step's time is made of: weights, keys and values, products and attention.
 */
final class Rounds {
  /** Tokens of a prompt that a step takes. */
  static final int CHUNK = 512;

  private static final int ROUNDS = 9;
  private static final int PROMPTS = 3;

  /** Keys and values are read at most so much faster or slower than weights: more is noise. */
  private static final double MOST_KEPT = 4;

  private final TrialSteps all;
  private final TrialSteps few;
  private final StepWork work;
  private final KvType kvType;
  private final int last;

  /**
   * @param all layers that take as much memory as a model
   * @param few of the same, for what takes long
   */
  Rounds(TrialSteps all, TrialSteps few, KvType kvType) {
    this.all = all;
    this.few = few;
    this.work = few.work();
    this.kvType = kvType;
    this.last = few.contextTokens() - CHUNK;
  }

  Trial trial() {
    all.prefill(0, 1);
    few.prefill(0, CHUNK);
    double[] prompt = new double[PROMPTS];
    for (int i = 0; i < PROMPTS; i++) {
      prompt[i] = few.prefill(0, CHUNK);
    }
    for (int from = CHUNK; from < last; from += CHUNK) {
      few.prefill(from, CHUNK);
    }
    double[] end = new double[PROMPTS];
    for (int i = 0; i < PROMPTS; i++) {
      end[i] = few.prefill(last, CHUNK);
    }
    double[] weights = new double[ROUNDS];
    double[] longer = new double[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      weights[i] = all.work().decodeBytes(1, 0, kvType) / (all.decode(0) - beside(all.work()));
      double near = few.decode(CHUNK);
      longer[i] = few.decode(last + CHUNK - 1) / near;
    }
    Samples paces = Samples.of(weights);
    return new Trial(
        Trial.bytes(paces),
        Trial.bytes(kept(paces, Samples.of(longer).median())),
        Trial.operations(products(Samples.of(prompt), attention(prompt, end))),
        Trial.operations(Samples.of(attention(prompt, end))));
  }

  /**
   * A step behind a long context takes longer by what it reads of it more: as many times as long as
   * one behind a short context was seen to take.
   */
  private Samples kept(Samples weights, double times) {
    double own = work.decodeBytes(1, 0, kvType);
    double near = work.decodeBytes(1, CHUNK, kvType) - own;
    double far = work.decodeBytes(1, last + CHUNK - 1, kvType) - own;
    // (beside + own / w + far / k) = times (beside + own / w + near / k), of which k is looked for
    return weights.map(
        pace -> {
          double longer = Math.max((beside(work) + own / pace) * (times - 1), Double.MIN_NORMAL);
          return Math.clamp((far - times * near) / longer, pace / MOST_KEPT, pace * MOST_KEPT);
        });
  }

  private Samples products(Samples prompt, double attentionPace) {
    double attended = attended(0) / attentionPace + beside(work);
    return prompt.map(seconds -> CHUNK * flops() / Math.max(seconds - attended, 0.1 * seconds));
  }

  /** Of what the last of a prompt takes longer than the first. */
  private double attention(double[] prompt, double[] end) {
    double first = Samples.of(prompt).median();
    double longer = Samples.of(end).median() - first;
    return (attended(last) - attended(0)) / Math.max(longer, 0.001 * first);
  }

  /** Operations of attention of a chunk that begins there. */
  private double attended(int before) {
    return work.ops().stream()
        .flatMap(op -> op.attention().stream())
        .mapToDouble(a -> CHUNK * a.flops() * a.positions(before + CHUNK / 2.0))
        .sum();
  }

  /** Of a token's products; what gives logits is computed for one token alone. */
  private double flops() {
    return work.ops().stream()
        .filter(op -> !op.isPerRow())
        .mapToDouble(op -> op.flopsPerToken())
        .sum();
  }

  private static double beside(StepWork of) {
    return MeasuredPaces.SECONDS_PER_STEP + of.ops().size() * MeasuredPaces.SECONDS_PER_OP;
  }
}
