package io.solebox.testkit;

class ReferenceWatchTest extends WatchConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
