package io.solebox.backend.cpu;

import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Skips tests that are forced to an instruction set which this machine or this build lacks. */
final class KernelsOfThisMachine implements ExecutionCondition {
  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    try {
      KernelChoice.ofProperty();
      return ConditionEvaluationResult.enabled("");
    } catch (SoleboxException e) {
      return ConditionEvaluationResult.disabled("SKIPPED: " + e.getMessage());
    }
  }
}
