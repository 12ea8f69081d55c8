package io.solebox.hardware.board;

/**
 * What a board holds itself to.
 *
 * @param v12 within which 12 V must stay, once it was good
 * @param throttleCelsius of the heat sink, at which it slows the module
 * @param tripCelsius at which it takes its power
 */
public record BoardLimits(
    Window v12, Window aux, Window core, double throttleCelsius, double tripCelsius) {
  /** Bounds, both still good. */
  public record Window(int lowestMillivolts, int highestMillivolts) {
    public boolean holds(int millivolts) {
      return millivolts >= lowestMillivolts && millivolts <= highestMillivolts;
    }
  }
}
