package io.solebox.server.anthropic;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * {@code {"type": "error", "error": {"type", "message", "details"}, "request_id"}}; the details
 * have our own code and the parameter, where Anthropic's clients look for such.
 */
record AnthropicProblems(JsonWriter json) implements Api.ProblemWriter {
  @Override
  public void breakOff(Problem problem, String requestId, EventStream out) {
    out.send("error", write(problem, requestId));
  }

  @Override
  public byte[] write(Problem problem, String requestId) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("error_code", problem.code());
    problem.param().ifPresent(param -> details.put("param", param));
    details.putAll(problem.details());
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("type", type(problem.status()));
    error.put("message", problem.getMessage());
    error.put("details", details);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("type", "error");
    body.put("error", error);
    body.put("request_id", requestId);
    return json.bytes(body);
  }

  /** As Anthropic names them (https://docs.claude.com/en/api/errors). */
  private static String type(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 403 -> "permission_error";
      case 404 -> "not_found_error";
      case 413 -> "request_too_large";
      case 429 -> "rate_limit_error";
      case 503 -> "overloaded_error";
      case 408, 504 -> "timeout_error";
      default -> status >= 500 ? "api_error" : "invalid_request_error";
    };
  }
}
