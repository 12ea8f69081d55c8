package io.solebox.server.responses;

import io.solebox.server.http.Problem;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What was said before, as far as requests can name it. */
interface History {
  /**
   * What a request goes on from.
   *
   * @param previous the response, where it names one
   * @param conversation likewise
   * @return items, the oldest first
   * @throws Problem 404 for what is not there
   */
  List<Map<String, Object>> before(
      Optional<String> previous, Optional<String> conversation, String owner);

  /**
   * An item that a request names.
   *
   * @return JSON
   * @throws Problem 404
   */
  String item(String id, String owner);
}
