package io.solebox.server.scout;

import java.util.Map;

/**
 * Which of the things that are for sale somebody wants to see.
 *
 * @param filters by the names of the query, as they were said: {@code card}, {@code watch}, {@code
 *     site}, {@code happening}, {@code suspicious}, {@code currency}, {@code least}, {@code most},
 *     {@code text}
 * @param sort one of those that the query takes
 * @param limit how many at most
 * @param offset how many of them are passed over
 */
public record ScoutQuestion(Map<String, String> filters, String sort, int limit, int offset) {
  public ScoutQuestion {
    filters = Map.copyOf(filters);
  }
}
