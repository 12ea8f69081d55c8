package io.solebox.hardware.board;

import java.util.OptionalDouble;

/** What a host asks a board for; the numbers are in {@code firmware/core/ctl.h}. */
public sealed interface Order {
  /**
   * That the host is alive; once there was one, silence is a fault.
   *
   * @param celsius the hottest temperature that the host knows; fans follow it
   */
  record Heartbeat(OptionalDouble celsius) implements Order {}

  /** That no more heartbeats are to be expected. */
  record Goodbye() implements Order {}

  /** Powers the module up. */
  record On() implements Order {}

  /** Powers it down in order. */
  record Off() implements Order {}

  /** Off, a pause, and on again. */
  record Cycle() implements Order {}

  /** Lets a latched fault go, if its cause is gone. */
  record ResetFault() implements Order {}

  /** Takes the module's power at once, and latches that. */
  record EmergencyStop() implements Order {}

  /**
   * @param percent the least duty of the fans, 0 to 100; they turn faster where it is hot
   */
  record Fan(int percent) implements Order {}
}
