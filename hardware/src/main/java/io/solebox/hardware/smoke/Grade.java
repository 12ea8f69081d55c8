package io.solebox.hardware.smoke;

import java.util.Collection;
import java.util.Locale;

/** What a figure of a smoke test says of the machine; the worst last. */
public enum Grade {
  /** There is nothing that it should be. */
  NOT_JUDGED("not judged"),
  GOOD("good"),
  LOW("low"),
  BAD("bad");

  private final String words;

  Grade(String words) {
    this.words = words;
  }

  /** For people. */
  public String words() {
    return words;
  }

  /** As in JSON: {@code not_judged}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The worst of all; {@link #NOT_JUDGED} of none. */
  public static Grade worst(Collection<Grade> grades) {
    return grades.stream().max(Grade::compareTo).orElse(NOT_JUDGED);
  }

  /**
   * Of what should be much. Below 60 % is low and below 30 % bad, as {@code hardware.md} 3.28 has
   * it: copies reach so much of the line rate, and products so much of the peak at the clock that
   * was measured, on cards that are well (gpu-fryer: 74 to 87 %).
   */
  static Grade ofShare(double share) {
    return share >= 0.6 ? GOOD : share >= 0.3 ? LOW : BAD;
  }
}
