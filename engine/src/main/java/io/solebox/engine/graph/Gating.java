package io.solebox.engine.graph;

/** How one number lets another through (gated linear units; Shazeer, arXiv:2002.05202). */
public sealed interface Gating {
  /** {@code activation(gate) * up}. */
  record By(Activation activation) implements Gating {}

  /**
   * {@code g sigmoid(alpha g) (u + 1)} with g the gate, at most {@code limit}, and u the other one,
   * at most {@code limit} in size (gpt-oss, arXiv:2508.10925).
   */
  record Clamped(float alpha, float limit) implements Gating {}
}
