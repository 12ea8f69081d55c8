package io.solebox.engine.backend;

/** In what precision a matrix product takes its activations. Between ops they are always f32. */
public enum Activations {
  /**
   * What is fastest within the tolerances of the weights' format: quantized weights may meet
   * activations that are rounded to 8 bits, a block of 32 at a time.
   */
  AUTO,
  /** No rounding beyond that of f32 arithmetic. */
  F32
}
