package io.solebox.engine.generation;

/** Who goes first when not all can. */
public enum Priority {
  /** Somebody waits for it. */
  INTERACTIVE,
  /** Titles, summaries, bulk work: yields to people. */
  BACKGROUND
}
