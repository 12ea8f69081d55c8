package io.solebox.server.tools;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * That somebody need not be asked any more before a tool is called.
 *
 * @param fingerprint of the tool as it was then
 * @param chat in which alone; empty for everywhere
 * @param created milliseconds since 1970
 */
public record Approval(
    String id, String tool, String fingerprint, Optional<String> chat, long created) {
  /** As the API writes it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("id", id);
    json.put("tool", tool);
    json.put("chat", chat.orElse(null));
    json.put("created", created);
    return json;
  }
}
