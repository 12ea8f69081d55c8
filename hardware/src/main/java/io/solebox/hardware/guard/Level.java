package io.solebox.hardware.guard;

import java.util.Locale;

/** What the guard asks for, from all is well to the last line. */
public enum Level {
  NORMAL,
  /** Somebody should look at it. */
  WARN,
  /** Work goes on, less of it at a time. */
  SLOW,
  /** Nothing new is begun; what runs ends. */
  PAUSED,
  /** Nothing runs; models have left the device. */
  STOPPED,
  /** The machine is told to shut down, and then loses its power. */
  CUT;

  /** As in JSON: {@code paused}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  public boolean isAtLeast(Level other) {
    return compareTo(other) >= 0;
  }

  public Level worse(Level other) {
    return isAtLeast(other) ? this : other;
  }
}
