package io.solebox.testkit;

class ReferenceAdapterTest extends AdapterConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
