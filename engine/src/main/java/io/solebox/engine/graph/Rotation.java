package io.solebox.engine.graph;

import java.util.Optional;

/**
 * How rotary position embedding turns a head (Su et al., RoFormer, arXiv:2104.09864). Pair i is
 * turned by the angle {@code position * inverseFrequencies[i]} and scaled by {@code magnitude}. All
 * the ways to stretch a context (linear, llama-3, YaRN, longrope) end in other frequencies, so a
 * backend knows only this record.
 *
 * @param inverseFrequencies one per pair; a head's first {@code 2 * length} elements are turned,
 *     the others pass
 * @param magnitude factor on sine and cosine, 1 for plain rope
 * @param longer what takes its place where sequences may be longer (longrope)
 */
public record Rotation(
    Pairing pairing, float[] inverseFrequencies, float magnitude, Optional<Longer> longer) {
  /** One rotation for sequences of any length. */
  public Rotation(Pairing pairing, float[] inverseFrequencies, float magnitude) {
    this(pairing, inverseFrequencies, magnitude, Optional.empty());
  }

  /**
   * For models that may hold sequences of more than {@code tokens} (LongRoPE, arXiv:2402.13753).
   * One of both for all sequences of a model that is loaded, as otherwise what is kept of a
   * sequence would turn wrong as it grows.
   */
  public record Longer(int tokens, float[] inverseFrequencies, float magnitude) {}

  /** What a model that holds sequences of up to {@code tokens} turns by. */
  public Rotation forContext(int tokens) {
    return longer
        .map(
            l ->
                tokens > l.tokens()
                    ? new Rotation(pairing, l.inverseFrequencies(), l.magnitude())
                    : new Rotation(pairing, inverseFrequencies, magnitude))
        .orElse(this);
  }

  /** Which two elements of a head make pair i, with n pairs. */
  public enum Pairing {
    /** Elements 2i and 2i+1 (GGUF architecture {@code llama}). */
    ADJACENT,
    /** Elements i and i+n (GPT-NeoX; {@code qwen2}, {@code qwen3}). */
    HALVES
  }
}
