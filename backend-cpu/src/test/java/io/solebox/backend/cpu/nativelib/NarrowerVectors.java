package io.solebox.backend.cpu.nativelib;

import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests that are held to vectors of {@code -Dsolebox.test.vector.bits} where this processor
 * has no longer ones: the run that is held to nothing has met just these.
 */
public final class NarrowerVectors implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    OptionalInt longest = longest(CpuFeatures.ofThisMachine());
    int held = Integer.getInteger("solebox.test.vector.bits", 0);
    return held == 0 || longest.isEmpty() || longest.getAsInt() > held
        ? ConditionEvaluationResult.enabled("")
        : ConditionEvaluationResult.disabled(
            "SKIPPED: this processor's vectors have %d bits; they are tested without a bound"
                .formatted(longest.getAsInt()));
  }

  /** In bits; empty where the features do not say it, as SVE's do not. */
  static OptionalInt longest(Set<String> features) {
    if (features.contains("avx512f")) {
      return OptionalInt.of(512);
    }
    if (features.contains("avx2")) {
      return OptionalInt.of(256);
    }
    return features.contains("asimd") && !features.contains("sve")
        ? OptionalInt.of(128)
        : OptionalInt.empty();
  }
}
