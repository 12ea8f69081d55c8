package io.solebox.engine.api;

/** How a model is spread over several devices. */
public enum Split {
  /** The one that is expected to answer sooner; by layers where nobody can tell. */
  AUTO,
  /** Each device has some layers, and steps go from one to the next. */
  LAYERS,
  /** Each device has some of every layer. */
  TENSOR
}
