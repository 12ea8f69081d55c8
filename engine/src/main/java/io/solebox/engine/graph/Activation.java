package io.solebox.engine.graph;

/** Functions of one number, as networks have them between their matrix products. */
public enum Activation {
  /** The number itself. */
  IDENTITY,
  /** {@code x / (1 + e^-x)} (Elfwing et al., arXiv:1702.03118). */
  SILU,
  /** {@code x/2 (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))} (Hendrycks, arXiv:1606.08415). */
  GELU,
  /** {@code x/2 (1 + erf(x / sqrt(2)))}: the function that {@link #GELU} approximates. */
  GELU_ERF,
  /** {@code max(x, 0)}. */
  RELU,
  /** {@code max(x, 0)^2} (So et al., arXiv:2109.08668). */
  RELU_SQUARED,
  /** {@code 1 / (1 + e^-x)}. */
  SIGMOID,
  /** {@code log(1 + e^x)}. */
  SOFTPLUS,
  /** Hyperbolic tangent. */
  TANH
}
