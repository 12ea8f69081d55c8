package io.solebox.planner.machine;

import io.solebox.planner.figure.Range;

/**
 * So much a second.
 *
 * @param basis how it is known, on which depends what of it a program gets
 */
public record Rate(Range range, Basis basis) {
  /** How a rate is known. */
  public enum Basis {
    /** What clocks and widths allow: nothing is faster, and no program gets all of it. */
    PEAK,
    /** What a loop that does nothing else got on this machine. */
    MEASURED
  }
}
