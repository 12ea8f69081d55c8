package io.solebox.hardware.smoke;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Something that was measured, beside what it should be.
 *
 * @param id for programs, as in {@code burn.f16_matrix}
 * @param subject a device or several, as in {@code cuda:0}
 * @param title for people
 * @param value in its unit
 * @param reasons why it is not what it should be, likely ones first; also what is worth knowing of
 *     one that is
 */
public record Figure(
    String id,
    String subject,
    String title,
    double value,
    Unit unit,
    Expectation expected,
    Grade grade,
    List<String> reasons) {
  public Figure {
    reasons = List.copyOf(reasons);
  }

  /** Something that should be as much as expected, by {@link Grade#ofShare}. */
  static Figure speed(
      String id, String subject, String title, double value, Unit unit, Expectation expected) {
    Grade grade =
        switch (expected) {
          case Expectation.Value(double due, String _) when due > 0 -> Grade.ofShare(value / due);
          case Expectation.Value _, Expectation.Nothing _ -> Grade.NOT_JUDGED;
        };
    return new Figure(id, subject, title, value, unit, expected, grade, List.of());
  }

  /** Something of which there should be none. */
  static Figure faults(
      String id, String subject, String title, double count, String source, List<String> reasons) {
    return new Figure(
        id,
        subject,
        title,
        count,
        Unit.COUNT,
        new Expectation.Value(0, source),
        count > 0 ? Grade.BAD : Grade.GOOD,
        reasons);
  }

  /** What fell away, or came to something wrong, while it was tried. */
  public static Figure lost(String subject, String what, String why) {
    return faults(
        "lost",
        subject,
        what + ": it failed",
        1,
        "a card bears what it is made for",
        List.of(why, "See 'solebox doctor' for xid, aer and power."));
  }

  /** What nothing holds to a power, or nobody watches; low, since somebody may know better. */
  public static Figure unheld(List<String> troubles) {
    return faults(
            "power.held",
            "all cards",
            "What keeps cards from being put under load",
            troubles.size(),
            "each card is held to its share of the supply, and its temperature is told",
            troubles)
        .graded(Grade.LOW);
  }

  /** One that is held against nothing. */
  static Figure plain(
      String id, String subject, String title, double value, Unit unit, String why) {
    return new Figure(
        id, subject, title, value, unit, new Expectation.Nothing(why), Grade.NOT_JUDGED, List.of());
  }

  /** The same with what explains it. */
  public Figure because(List<String> more) {
    List<String> all = new ArrayList<>(reasons);
    all.addAll(more);
    return new Figure(id, subject, title, value, unit, expected, grade, all);
  }

  /** The same with another grade. */
  Figure graded(Grade other) {
    return new Figure(id, subject, title, value, unit, expected, other, reasons);
  }

  /** Of what is expected; empty where nothing is, or that is 0. */
  public OptionalDouble share() {
    return switch (expected) {
      case Expectation.Value(double due, String _) when due != 0 -> OptionalDouble.of(value / due);
      case Expectation.Value _, Expectation.Nothing _ -> OptionalDouble.empty();
    };
  }

  /** Whether it is less, or worse, than it should be. */
  public boolean isTrouble() {
    return grade == Grade.LOW || grade == Grade.BAD;
  }
}
