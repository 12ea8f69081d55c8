package io.solebox.backend.cuda;

import io.solebox.engine.backend.BackendProvider.Probe;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests of a real GPU on machines without one, saying what the probe says. */
final class NeedsGpu implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    return switch (new CudaBackendProvider().probe()) {
      case Probe.Usable _ -> ConditionEvaluationResult.enabled("");
      case Probe.Unusable(String reason, String _) ->
          ConditionEvaluationResult.disabled("SKIPPED: needs a GPU. " + reason);
    };
  }
}
