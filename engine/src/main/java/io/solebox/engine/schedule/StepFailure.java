package io.solebox.engine.schedule;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/** Says what went wrong in the loop in words for those who wait for answers. */
final class StepFailure {
  private StepFailure() {}

  static SoleboxException describe(Throwable cause) {
    return switch (cause) {
      case SoleboxException e -> e;
      // What the JVM makes of a bus error: mapped pages that the file no longer has.
      case InternalError e ->
          new SoleboxException(
              ErrorCode.MODEL_FILE_CHANGED,
              "",
              "The model file was cut short or its storage failed while it was in use.",
              "Load the model again, with --no-mmap if the storage cannot be trusted.",
              e);
      case OutOfMemoryError e ->
          new SoleboxException(
              ErrorCode.OUT_OF_MEMORY,
              "",
              "The Java heap is full: " + e.getMessage() + ".",
              "Restart Solebox; give it fewer requests at once, or a larger heap.",
              e);
      default ->
          new SoleboxException(
              ErrorCode.INTERNAL_ERROR,
              "",
              "A step of the engine failed: " + cause,
              "Please report this.",
              cause);
    };
  }

  static SoleboxException tooLate() {
    return new SoleboxException(
        ErrorCode.DEADLINE_EXCEEDED,
        "",
        "The answer was not complete within the time that its request allows.",
        "Allow more time, or ask for fewer tokens.");
  }
}
