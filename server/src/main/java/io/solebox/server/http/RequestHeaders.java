package io.solebox.server.http;

import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;

/** The headers of a request. */
record RequestHeaders(HttpFields fields) {
  /**
   * @throws Problem 400 if it appears twice: which one would be meant?
   */
  Optional<String> single(String name) {
    List<String> values = fields.getValuesList(name);
    if (values.size() > 1) {
      throw Problem.badRequest(400, "The header " + name + " appears twice.");
    }
    return values.stream().findFirst();
  }

  boolean has(String name) {
    return fields.contains(name);
  }
}
