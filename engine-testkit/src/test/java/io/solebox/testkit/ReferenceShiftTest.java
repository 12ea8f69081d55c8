package io.solebox.testkit;

class ReferenceShiftTest extends ShiftConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
