package io.solebox.engine.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class LoadEstimateTest {
  @Test
  void notesSayWhichOfTwoModelsTheyAreAbout() {
    var own = new LoadEstimate(64, 128, List.of(), List.of("Q2_K as F16."));
    var draft = new LoadEstimate(32, 64, List.of(), List.of("Q3_K as F16."));
    LoadEstimate both = own.with(draft);
    assertEquals(List.of("Q2_K as F16.", "draft: Q3_K as F16."), both.notes());
    assertEquals(64, both.contextTokens());
    assertEquals(128, both.kvTokens());
  }
}
