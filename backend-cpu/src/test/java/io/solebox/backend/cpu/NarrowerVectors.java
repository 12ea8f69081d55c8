package io.solebox.backend.cpu;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.OptionalInt;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Skips tests that are held to vectors of {@code -Dsolebox.test.vector.bits} where this JVM would
 * use no longer ones anyway: the run that is held to nothing has met just these.
 */
public final class NarrowerVectors implements ExecutionCondition {
  private static final HotSpotDiagnosticMXBean JVM =
      ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);

  NarrowerVectors() {
    // Not public, so that its caller asks for access, which a package that is only open gives.
  }

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    OptionalInt longest = longest();
    int held = Integer.getInteger("solebox.test.vector.bits", 0);
    return held == 0 || longest.isEmpty() || longest.getAsInt() > held
        ? ConditionEvaluationResult.enabled("")
        : ConditionEvaluationResult.disabled(
            "SKIPPED: vectors have %d bits here; they are tested without a bound"
                .formatted(longest.getAsInt()));
  }

  /** In bits, whatever they are held to; empty where it is not known. */
  private static OptionalInt longest() {
    try {
      return switch (JVM.getVMOption("UseAVX").getValue()) {
        case "3" -> OptionalInt.of(512);
        case "2" -> OptionalInt.of(256);
        default -> OptionalInt.empty();
      };
    } catch (IllegalArgumentException e) {
      return OptionalInt.empty(); // not an x86-64 processor
    }
  }
}
