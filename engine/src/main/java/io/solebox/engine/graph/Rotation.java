package io.solebox.engine.graph;

/**
 * How rotary position embedding turns a head (Su et al., RoFormer, arXiv:2104.09864). Pair i is
 * turned by the angle {@code position * inverseFrequencies[i]} and scaled by {@code magnitude}. All
 * the ways to stretch a context (linear, llama-3, YaRN, longrope) end in other frequencies, so a
 * backend knows only this record.
 *
 * @param inverseFrequencies one per pair; a head's first {@code 2 * length} elements are turned,
 *     the others pass
 * @param magnitude factor on sine and cosine, 1 for plain rope
 */
public record Rotation(Pairing pairing, float[] inverseFrequencies, float magnitude) {
  /** Which two elements of a head make pair i, with n pairs. */
  public enum Pairing {
    /** Elements 2i and 2i+1 (GGUF architecture {@code llama}). */
    ADJACENT,
    /** Elements i and i+n (GPT-NeoX; {@code qwen2}, {@code qwen3}). */
    HALVES
  }
}
