package io.solebox.engine.backend;

/** A place of a plan where something lies that a sequence keeps from step to step. */
public sealed interface KeptPlace {
  /** Keys and values of {@link KvBlocks#TOKENS} positions, in all keeps of a group. */
  record Block(int group, int block) implements KeptPlace {}

  /** All recurrent state of a sequence, or of a snapshot of it. */
  record Slot(int slot) implements KeptPlace {}
}
