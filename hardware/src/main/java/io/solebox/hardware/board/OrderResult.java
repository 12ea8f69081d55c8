package io.solebox.hardware.board;

/** What becomes of an order, in the order of {@code enum ctl_result}. */
public enum OrderResult {
  DONE,
  ALREADY,
  REFUSED_FAULT,
  REFUSED_CAUSE,
  REFUSED_STATE,
  BAD_ARGUMENT,
  UNKNOWN_ORDER,
  /** One that a later firmware has, and this program does not know. */
  UNKNOWN
}
