package io.solebox.app.update.slot;

/** How a slot is. */
public enum SlotState {
  /** It has proved itself. */
  CONFIRMED,
  /** It is new, and will be started or was, but has not proved itself yet. */
  ON_TRIAL,
  /** It was started as often as a new one may be, and never proved itself. */
  FAILED,
  /** Nothing that could be started is in it. */
  EMPTY
}
