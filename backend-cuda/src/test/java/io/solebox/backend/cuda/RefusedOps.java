package io.solebox.backend.cuda;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/** Skips tests of what {@link OpSet} refuses by name. */
final class RefusedOps implements TestExecutionExceptionHandler {
  @Override
  public void handleTestExecutionException(ExtensionContext context, Throwable failure)
      throws Throwable {
    if (failure instanceof SoleboxException e && e.code() == ErrorCode.UNSUPPORTED_MODEL) {
      Assumptions.abort("SKIPPED: " + e.getMessage());
    }
    throw failure;
  }
}
