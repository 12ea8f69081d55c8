package io.solebox.server.responses;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.Optional;

/**
 * How a request calls a tool: tools can stand in namespaces, which models know nothing of.
 *
 * @param namespace that groups it with others
 */
record ToolName(Optional<String> namespace, String name) {
  private static final String BETWEEN = "__";

  /**
   * The members {@code namespace} and {@code name}.
   *
   * @throws io.solebox.server.http.Problem 400 where there is no name
   */
  static ToolName of(Fields fields) {
    String name = fields.string("name").orElseThrow(() -> Params.missing(fields.param("name")));
    return new ToolName(fields.string("namespace"), name);
  }

  /** What the model is shown, and calls. */
  String shown() {
    return namespace
        .map(space -> space.endsWith(BETWEEN) ? space + name : space + BETWEEN + name)
        .orElse(name);
  }
}
