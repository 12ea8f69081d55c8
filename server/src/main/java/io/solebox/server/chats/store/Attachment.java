package io.solebox.server.chats.store;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A text that goes with a message, or with all that a persona is asked.
 *
 * @param type its media type, as far as that was told; can be empty
 * @param bytes of the file that it was made of
 * @param tokens that it takes of the context, as whoever attached it has counted them
 */
public record Attachment(String name, String type, long bytes, long tokens, String text) {
  /** As the API and the store write it. */
  public Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", name);
    json.put("type", type);
    json.put("bytes", bytes);
    json.put("tokens", tokens);
    json.put("text", text);
    return json;
  }

  /** Those that {@link #json} has written. */
  public static List<Attachment> listOf(Object json) {
    return ((List<?>) json).stream().map(each -> of((Map<?, ?>) each)).toList();
  }

  private static Attachment of(Map<?, ?> json) {
    return new Attachment(
        (String) json.get("name"),
        (String) json.get("type"),
        ((Number) json.get("bytes")).longValue(),
        ((Number) json.get("tokens")).longValue(),
        (String) json.get("text"));
  }
}
