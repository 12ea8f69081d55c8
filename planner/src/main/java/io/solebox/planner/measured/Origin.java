package io.solebox.planner.measured;

import io.solebox.planner.figure.Moments;
import java.time.Instant;

/**
 * Where a measured figure comes from.
 *
 * @param where for people, as in {@code this machine}
 * @param by the command that measured
 */
public record Origin(Instant at, String where, String by) {
  /** What {@code where} is of all that was not measured elsewhere. */
  public static final String HERE = "this machine";

  /** As in {@code measured on this machine at 2026-11-30 21:20 UTC by 'solebox bench'}. */
  public String words() {
    return "measured on %s at %s by '%s'".formatted(where, Moments.text(at), by);
  }
}
