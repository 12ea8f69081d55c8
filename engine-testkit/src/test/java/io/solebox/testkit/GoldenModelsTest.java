package io.solebox.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.solebox.testkit.GoldenModels.Weights;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Which golden models the suites of the backends run, and why not the others. */
class GoldenModelsTest {
  /** One of each folder, whose types of weights are one architecture; and each mix. */
  static Stream<Weights> all() {
    var folders = new HashSet<String>();
    return GoldenModels.all().keySet().stream()
        .filter(weights -> weights.isMix() || folders.add(weights.folder()));
  }

  @ParameterizedTest
  @MethodSource("all")
  void isRunByEverySuite(Weights weights) {
    Optional<String> refusal = GoldenModels.all().get(weights);
    if (weights.isBundled()) {
      assertEquals(Optional.empty(), refusal, "what this module carries must run");
    }
    assumeTrue(refusal.isEmpty(), () -> "SKIPPED: " + refusal.orElseThrow());
  }

  @Test
  void theFoldersOfThisModuleAreFound() {
    List<String> f32 = GoldenModels.models("f32").stream().map(Weights::model).toList();
    var least = Set.of("llama-tied", "llama3-rope", "mistral", "qwen2", "qwen3");
    assertTrue(f32.containsAll(least), f32.toString());
    assertTrue(GoldenModels.models("f16", "bf16").size() >= 2);
    assertTrue(GoldenModels.mixes().size() >= 1);
  }
}
