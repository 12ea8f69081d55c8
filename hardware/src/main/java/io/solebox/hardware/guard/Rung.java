package io.solebox.hardware.guard;

import java.time.Duration;

/**
 * From which value on a level holds, and until when.
 *
 * @param up reached at this value and above
 * @param down left below this value; not above {@code up}
 * @param rise how long the value has to stay up there before the level holds
 * @param fall how long the value has to stay down there before the level is left
 */
public record Rung(Level level, double up, double down, Duration rise, Duration fall) {
  public Rung {
    if (!(down <= up)) {
      throw new IllegalArgumentException("left at " + down + ", but reached at " + up);
    }
  }
}
