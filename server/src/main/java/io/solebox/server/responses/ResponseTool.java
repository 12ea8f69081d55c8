package io.solebox.server.responses;

import java.util.Map;
import java.util.Optional;

/**
 * A tool of a request.
 *
 * @param custom whether its input is a text
 * @param offered as chat templates take it
 */
record ResponseTool(ToolName name, boolean custom, Map<String, Object> offered) {
  static ResponseTool of(ToolName name, boolean custom, Map<String, Object> function) {
    return new ResponseTool(
        name, custom, ResponseBody.ordered("type", "function", "function", function));
  }

  /** One that a model made up. */
  static ResponseTool unknown(String name) {
    return of(new ToolName(Optional.empty(), name), false, Map.of("name", name));
  }
}
