package io.solebox.server.ollama;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.Problem;
import java.util.LinkedHashMap;
import java.util.Map;

/** {@code {"error": "..."}}, with our own code beside it. */
record OllamaProblems(JsonWriter json) implements Api.ProblemWriter {
  @Override
  public byte[] write(Problem problem, String requestId) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("error", problem.getMessage());
    body.put("code", problem.code());
    return json.bytes(body);
  }
}
