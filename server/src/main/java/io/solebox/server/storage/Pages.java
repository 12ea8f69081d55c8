package io.solebox.server.storage;

import io.solebox.server.http.Exchange;
import io.solebox.server.params.Params;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Lists in pages: {@code ?limit=20&order=asc&after=ID}. */
public final class Pages {
  private static final int MAX_LIMIT = 100;
  private static final int USUAL_LIMIT = 20;

  private Pages() {}

  /**
   * The page that a request asks for; the newest first unless it says otherwise.
   *
   * @param items all of them, the oldest first, each with an {@code id}
   */
  public static Map<String, Object> of(Exchange exchange, List<Map<String, Object>> items) {
    List<Map<String, Object>> ordered = new ArrayList<>(items);
    String order = exchange.query("order").orElse("desc");
    switch (order) {
      case "asc" -> {}
      case "desc" -> Collections.reverse(ordered);
      default -> throw Params.invalidValue("order", "'order' must be 'asc' or 'desc'.");
    }
    int from = exchange.query("after").map(id -> behind(id, ordered)).orElse(0);
    int to = Math.min(ordered.size(), from + limit(exchange));
    List<Map<String, Object>> page = ordered.subList(from, to);
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("object", "list");
    body.put("data", page);
    body.put("first_id", page.isEmpty() ? null : page.getFirst().get("id"));
    body.put("last_id", page.isEmpty() ? null : page.getLast().get("id"));
    body.put("has_more", to < ordered.size());
    return body;
  }

  private static int behind(String id, List<Map<String, Object>> items) {
    for (int i = 0; i < items.size(); i++) {
      if (id.equals(items.get(i).get("id"))) {
        return i + 1;
      }
    }
    throw Params.invalidValue("after", "'after' names no item of this list.");
  }

  private static int limit(Exchange exchange) {
    Optional<String> given = exchange.query("limit");
    try {
      int limit = given.map(Integer::parseInt).orElse(USUAL_LIMIT);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // The same answer as for a number out of range.
    }
    throw Params.invalidValue("limit", "'limit' must be 1 to " + MAX_LIMIT + ".");
  }
}
