package io.solebox.hardware.board;

import java.util.Locale;

/** What a board does, in the order of {@code enum ctl_state}. */
public enum BoardState {
  OFF("off"),
  WAIT_12V("waits for 12 V"),
  RAMP_AUX("brings up 3.3 V"),
  RAMP_CORE("brings up the core voltage"),
  HOLD_RESET("holds the module in reset"),
  RUN("runs"),
  STOPPING("runs, and has asked the host to stop"),
  POWER_DOWN("powers down"),
  CYCLE("off for a moment"),
  FAULT("has taken the module's power"),
  /** One that a later firmware has, and this program does not know. */
  UNKNOWN("does what this program does not know");

  private final String words;

  BoardState(String words) {
    this.words = words;
  }

  /** For people, as in {@code the board runs}. */
  public String words() {
    return words;
  }

  /** As in JSON: {@code hold_reset}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether the module works in it. */
  public boolean isPowered() {
    return this == RUN || this == STOPPING;
  }
}
