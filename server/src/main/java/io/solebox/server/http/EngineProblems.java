package io.solebox.server.http;

import io.solebox.engine.error.SoleboxException;

/** What engine errors are to a client. */
public final class EngineProblems {
  /** As long as the guard of the hardware waits before it believes that all is well again. */
  private static final int HOT_RETRY_SECONDS = 30;

  private EngineProblems() {}

  /**
   * @param promptParam the parameter that holds the prompt; empty where there is none
   */
  public static Problem of(SoleboxException error, String promptParam) {
    String message = error.explanation();
    String code = error.code().wireName();
    return switch (error.code()) {
      case CONTEXT_LENGTH_EXCEEDED, BAD_TEMPLATE ->
          about(Problem.of(400, code, message), promptParam);
      case BAD_GRAMMAR, NOTHING_ALLOWED -> about(Problem.of(400, code, message), error.place());
      case INVALID_PARAMETER -> {
        String param = error.place().isEmpty() ? promptParam : error.place();
        yield about(Problem.of(400, "invalid_value", "'" + param + "': " + message), param);
      }
      case BAD_DOCUMENT, BAD_UPDATE -> Problem.of(400, code, message);
      case MODEL_NOT_FOUND -> Problem.of(404, code, message).withParam("model");
      case IN_USE -> Problem.of(409, code, message);
      case OFFLINE, ACCESS_DENIED -> Problem.of(403, code, message);
      case DISK_FULL -> Problem.of(507, code, message);
      case CANCELLED, CLOSED, OUT_OF_MEMORY, DEADLINE_EXCEEDED -> Problem.of(503, code, message);
      case HARDWARE_GUARD -> Problem.of(503, code, message).withRetryAfter(HOT_RETRY_SECONDS);
      case BAD_MODEL_FILE,
          UNSUPPORTED_MODEL,
          MODEL_FILE_CHANGED,
          DEVICE_UNAVAILABLE,
          NO_AIR_GAP,
          NON_FINITE,
          IO_ERROR,
          BAD_STORE,
          UNTRUSTED,
          BAD_BUNDLE,
          INTERNAL_ERROR ->
          Problem.of(500, code, message);
    };
  }

  private static Problem about(Problem problem, String param) {
    return param.isEmpty() ? problem : problem.withParam(param);
  }
}
