package io.solebox.hardware.board;

/** What a board does, in the order of {@code enum ctl_state}. */
public enum BoardState {
  OFF,
  WAIT_12V,
  RAMP_AUX,
  RAMP_CORE,
  HOLD_RESET,
  RUN,
  STOPPING,
  POWER_DOWN,
  CYCLE,
  FAULT,
  /** One that a later firmware has, and this program does not know. */
  UNKNOWN
}
