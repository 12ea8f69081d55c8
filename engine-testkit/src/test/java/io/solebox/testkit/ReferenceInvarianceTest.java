package io.solebox.testkit;

class ReferenceInvarianceTest extends BatchInvariance {
  @Override
  protected String device() {
    return "reference";
  }
}
