package io.solebox.server.responses;

import java.util.List;
import java.util.Map;

/** What is kept of a response. */
record KeptResponse(Map<String, Object> body, List<Map<String, Object>> input) {
  String status() {
    return (String) body.get("status");
  }

  @SuppressWarnings("unchecked") // as it was written
  List<Map<String, Object>> output() {
    return (List<Map<String, Object>>) body.get("output");
  }
}
