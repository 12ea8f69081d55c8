package io.solebox.engine.backend.trial;

/** How thoroughly memory is walked. */
public enum WalkDepth {
  /** Each word's own address, that inverted, and random numbers: what finds most in seconds. */
  QUICK,
  /** Also constants, and every bit walking through every word, both inverted. */
  FULL
}
