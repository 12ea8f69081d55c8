package io.solebox.testkit;

class ReferenceStateReuseTest extends StateReuseConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
