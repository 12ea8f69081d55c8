package io.solebox.server.responses;

import io.solebox.engine.json.JsonWriter;
import io.solebox.server.http.Api;
import io.solebox.server.http.EventStream;
import io.solebox.server.http.Problem;

/**
 * Errors of this API: events in streams, also before anything was said.
 *
 * @param whole how they are worded elsewhere
 */
record ResponseProblems(JsonWriter json, Api.ProblemWriter whole) implements Api.ProblemWriter {
  @Override
  public byte[] write(Problem problem, String requestId) {
    return whole.write(problem, requestId);
  }

  @Override
  public void breakOff(Problem problem, String requestId, EventStream out) {
    out.send("error", json.bytes(ResponseBody.errorEvent(problem, 0)));
  }
}
