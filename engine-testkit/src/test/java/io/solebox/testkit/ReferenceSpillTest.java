package io.solebox.testkit;

class ReferenceSpillTest extends SpillConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
