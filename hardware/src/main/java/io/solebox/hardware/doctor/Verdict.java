package io.solebox.hardware.doctor;

import java.util.Locale;

/** What a check says, from good to bad, and then of those that say nothing. */
public enum Verdict {
  OK,
  INFO,
  WARN,
  FAIL,
  /** There is nothing here that the check is about. */
  NOT_APPLICABLE,
  /** What it needs is absent, or may be read by root alone. */
  NOT_READ;

  /** As in JSON: {@code not_read}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Whether somebody should do something. */
  public boolean isProblem() {
    return this == WARN || this == FAIL;
  }
}
