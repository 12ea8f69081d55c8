package io.solebox.engine.backend;

/** Whether devices can compute one graph together. */
public sealed interface Teaming {
  /** They can. */
  record Together(Team team) implements Teaming {}

  /** Says why not, and what to do instead. */
  record Apart(String reason, String remedy) implements Teaming {}
}
