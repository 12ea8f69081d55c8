package io.solebox.hardware.board;

import java.time.Duration;

/**
 * One transition that a board has noted.
 *
 * @param number from 1
 * @param boot the start of the firmware that {@code at} counts from
 * @param at since the firmware began
 * @param fault that began with it; {@link BoardFault#NONE} where none did
 * @param value what was measured where that is the reason: millivolts, tenths of a degree, the
 *     number of the fan from 1; else 0
 */
public record BoardEvent(
    long number,
    int boot,
    Duration at,
    BoardState from,
    BoardState to,
    Cause cause,
    BoardFault fault,
    int value) {
  /** Why, in the order of {@code enum ctl_cause}. */
  public enum Cause {
    START,
    ORDER,
    BUTTON,
    DONE,
    TIMEOUT,
    FAULT,
    /** One that a later firmware has, and this program does not know. */
    UNKNOWN
  }
}
