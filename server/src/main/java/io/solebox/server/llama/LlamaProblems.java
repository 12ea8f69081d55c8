package io.solebox.server.llama;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code {"error": {"code", "message", "type"}}}, where the code is the status. */
record LlamaProblems(JsonWriter json) implements Api.ProblemWriter {
  @Override
  public byte[] write(Problem problem, String requestId) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", problem.status());
    error.put("message", problem.getMessage());
    error.put("type", type(problem));
    problem.param().ifPresent(param -> error.put("param", param));
    error.putAll(problem.details());
    return json.bytes(Map.of("error", error));
  }

  private static String type(Problem problem) {
    if (problem.code().equals("context_length_exceeded")) {
      return "exceed_context_size_error";
    }
    return switch (problem.status()) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 503 -> "unavailable_error";
      default -> problem.status() >= 500 ? "server_error" : "invalid_request_error";
    };
  }
}
