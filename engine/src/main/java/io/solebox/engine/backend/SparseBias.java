package io.solebox.engine.backend;

/**
 * Changes to single logits before the best are sought: {@code l > 0 ? l / repetition : l *
 * repetition}, then {@code + add}. This carries logit bias and all penalties.
 *
 * @param ids distinct token ids
 * @param repetition per id, 1 for none (Keskar et al., CTRL, arXiv:1909.05858)
 * @param add per id; {@code -Infinity} bans it
 */
public record SparseBias(int[] ids, float[] repetition, float[] add) {
  public static final SparseBias NONE = new SparseBias(new int[0], new float[0], new float[0]);

  public int size() {
    return ids.length;
  }

  /** The changed logit of entry {@code i} of this bias. */
  public float apply(int i, float logit) {
    float r = repetition[i];
    return (logit > 0 ? logit / r : logit * r) + add[i];
  }
}
