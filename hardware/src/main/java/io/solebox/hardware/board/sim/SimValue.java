package io.solebox.hardware.board.sim;

/** What a simulated board is asked for, in the order of {@code enum sim_value}. */
public enum SimValue {
  /** An index of {@link io.solebox.hardware.board.BoardState}. */
  STATE,
  /** An index of {@link io.solebox.hardware.board.BoardFault}. */
  LATCHED,
  EN_AUX,
  EN_CORE,
  EN_MODULE,
  PERST_N,
  THROTTLE,
  FAN_PCT,
  LED,
  /** In millivolts, as it is before the converter. */
  REAL_12V,
  REAL_AUX,
  REAL_CORE,
  /** The heat sink's temperature in tenths of a degree. */
  SINK,
  RPM_0,
  RPM_1,
  /** In milliseconds since power came. */
  STEPS,
  /** The board's clock in milliseconds, which wraps at 2^32. */
  CLOCK,
  /** Resets by the watchdog. */
  RESETS,
  /** By bits of {@link Injection}. */
  INJECTED,
  /** What was ever found wrong with the control. */
  VIOLATIONS,
  /** Its number. */
  LAST_EVENT,
  BAD_FRAMES
}
