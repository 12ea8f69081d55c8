package io.solebox.hardware.doctor.check;

import io.solebox.hardware.box.Reading;
import io.solebox.hardware.doctor.Finding;
import io.solebox.hardware.doctor.Verdict;
import io.solebox.hardware.doctor.facts.Facts;
import java.util.List;

/** What checks say that could not read what they need. */
final class Unread {
  private Unread() {}

  /** That the kernel's log is missing; for a check that found nothing in what there was of it. */
  static Finding log(String id, Facts facts) {
    return of(id, "The kernel's log", facts.log().reading());
  }

  /**
   * That something is missing.
   *
   * @param what as the beginning of a sentence
   */
  static Finding of(String id, String what, Reading reading) {
    String why =
        switch (reading) {
          case Reading.Absent _ -> what + " was not found.";
          case Reading.Unreadable(var reason) -> what + " was not read: " + reason + ".";
          case Reading.Content _ -> what + " does not say it.";
        };
    return Finding.calm(id, Verdict.NOT_READ, why, List.of());
  }
}
