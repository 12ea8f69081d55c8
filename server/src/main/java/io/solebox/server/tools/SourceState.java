package io.solebox.server.tools;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How it is with somebody who offers tools.
 *
 * @param place where it is, for people
 * @param word {@code starting}, {@code running} or {@code failed}
 * @param why it failed, or what is left out of its tools
 */
public record SourceState(String name, String place, String word, Optional<String> why) {
  /** As the API writes it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("place", place);
    json.put("state", word);
    json.put("why", why.orElse(null));
    return json;
  }
}
