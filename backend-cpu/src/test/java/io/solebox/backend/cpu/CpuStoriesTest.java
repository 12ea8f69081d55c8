package io.solebox.backend.cpu;

import io.solebox.testkit.StoriesConformance;

class CpuStoriesTest extends StoriesConformance {
  @Override
  protected String device() {
    return "cpu";
  }
}
