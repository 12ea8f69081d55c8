package io.solebox.planner.machine;

import java.util.Locale;

/** What a machine is busy with. */
public enum Load {
  /** Nothing. */
  IDLE,
  /** Tokens, one by one. */
  DECODE,
  /** Prompts. */
  PREFILL;

  /** For people and for programs. */
  public String wireName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
