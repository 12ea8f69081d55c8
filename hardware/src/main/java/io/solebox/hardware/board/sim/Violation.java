package io.solebox.hardware.board.sim;

/** What must never be, in the order of {@code enum sim_violation}. */
public enum Violation {
  ENABLE_IN_FAULT("an enable is high while a fault is latched"),
  CORE_HELD_TOO_LONG("core is on with PERST# asserted too long"),
  RELEASED_TOO_EARLY("PERST# is released though not all rails were good for long enough"),
  TRANSITION("a state follows one that it must not follow"),
  FAN_SLOW_WHEN_HOT("a fan turns slower than it can though it is hot"),
  TRIPPED_TOO_LATE("something is enabled 3 ms after what trips began"),
  ENABLED_UNPOWERED("something is enabled before what feeds it"),
  NOT_THROTTLED("the module is not throttled though it is hot");

  private final String words;

  Violation(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }
}
