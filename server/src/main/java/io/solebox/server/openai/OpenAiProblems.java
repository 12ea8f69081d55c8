package io.solebox.server.openai;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code {"error": {"message", "type", "param", "code"}}}, with further members after them. */
public record OpenAiProblems(JsonWriter json) implements Api.ProblemWriter {
  @Override
  public byte[] write(Problem problem, String requestId) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", problem.getMessage());
    error.put("type", type(problem));
    error.put("param", problem.param().orElse(null));
    error.put("code", problem.code());
    error.putAll(problem.details());
    return json.bytes(Map.of("error", error));
  }

  /** As OpenAI names them; of limits it is what they are of. */
  private static String type(Problem problem) {
    if (problem.code().equals("rate_limit_exceeded")) {
      boolean tokens = String.valueOf(problem.details().get("limit")).contains("tokens");
      return tokens ? "tokens" : "requests";
    }
    return problem.status() >= 500 ? "server_error" : "invalid_request_error";
  }
}
