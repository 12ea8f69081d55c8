package io.solebox.hardware.telemetry;

import java.util.Locale;
import java.util.OptionalLong;

/**
 * How one source of values is.
 *
 * @param name as in {@code nvml} or {@code hwmon/nct6775}
 * @param state what it does
 * @param ageMillis since it last answered; empty if it never did
 * @param why it does not answer, in words; empty where it answers
 */
public record SourceState(String name, State state, OptionalLong ageMillis, String why) {
  /** What a source does. */
  public enum State {
    /** Nobody has heard of it yet, and its deadline is not over. */
    ASKED,
    ANSWERS,
    /** It has not answered within its deadline; what it last said is carried until too old. */
    LATE,
    /** It says why it has nothing: no driver, root needed, vanished. */
    SILENT;

    /** As in JSON: {@code late}. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
