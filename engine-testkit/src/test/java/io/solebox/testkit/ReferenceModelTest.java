package io.solebox.testkit;

class ReferenceModelTest extends ModelConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
