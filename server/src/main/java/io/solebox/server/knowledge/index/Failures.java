package io.solebox.server.knowledge.index;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.server.http.Problem;
import io.solebox.server.knowledge.store.Document.Failure;
import java.util.Set;

/** What goes wrong with documents: what passes, and what would go wrong again. */
final class Failures {
  /** The server is full, or ends, or the model is not there now. */
  private static final Set<String> PASSING =
      Set.of(
          "queue_full",
          ErrorCode.MODEL_NOT_FOUND.wireName(), // somebody may start the server with it again
          "model_loading",
          "server_busy",
          "shutting_down",
          "answer_cancelled",
          ErrorCode.CANCELLED.wireName(),
          ErrorCode.CLOSED.wireName(),
          ErrorCode.HARDWARE_GUARD.wireName(),
          ErrorCode.IN_USE.wireName(),
          ErrorCode.DISK_FULL.wireName(),
          ErrorCode.IO_ERROR.wireName(),
          ErrorCode.OUT_OF_MEMORY.wireName());

  private Failures() {}

  static boolean passes(Problem problem) {
    return PASSING.contains(problem.code());
  }

  /** As programs and people are told. */
  static Failure of(SoleboxException error) {
    String code = error.code() == ErrorCode.BAD_DOCUMENT ? "invalid_file" : "server_error";
    return new Failure(code, error.explanation());
  }

  static Failure of(Problem problem) {
    return new Failure("server_error", problem.getMessage());
  }
}
