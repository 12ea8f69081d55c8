package io.solebox.testkit;

class ReferenceStoriesTest extends StoriesConformance {
  @Override
  protected String device() {
    return "reference";
  }
}
