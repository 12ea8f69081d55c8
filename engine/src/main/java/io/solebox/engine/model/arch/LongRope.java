package io.solebox.engine.model.arch;

import io.solebox.engine.graph.Rotation;
import io.solebox.engine.graph.Weight;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What frequencies are divided by, pair by pair: of models whose converters have computed it (llama
 * 3), and of those that turn otherwise where sequences may be longer (LongRoPE, arXiv:2402.13753).
 */
record LongRope(
    @Gguf("rope_freqs") Optional<Weight> all,
    @Gguf("rope_factors_short") Optional<Weight> shorter,
    @Gguf("rope_factors_long") Optional<Weight> longer) {
  /**
   * @param shortContext tokens up to which {@code shorter} is used
   */
  Rotation rotation(
      Rope rope, Rotation.Pairing pairing, WeightBinder weights, OptionalInt shortContext) {
    if (shorter.isPresent() && longer.isPresent() && shortContext.isPresent()) {
      Rotation small = divided(rope, pairing, weights, shorter.get());
      Rotation large = divided(rope, pairing, weights, longer.get());
      var beyond =
          new Rotation.Longer(
              shortContext.getAsInt(), large.inverseFrequencies(), large.magnitude());
      return new Rotation(
          pairing, small.inverseFrequencies(), small.magnitude(), Optional.of(beyond));
    }
    return all.map(w -> divided(rope, pairing, weights, w)).orElseGet(() -> rope.rotation(pairing));
  }

  private static Rotation divided(
      Rope rope, Rotation.Pairing pairing, WeightBinder weights, Weight by) {
    return rope.rotation(pairing, weights.positiveNumbers(by, rope.pairs()));
  }
}
