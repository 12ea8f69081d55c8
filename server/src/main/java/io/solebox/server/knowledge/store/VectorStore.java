package io.solebox.server.knowledge.store;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A collection of documents that can be asked.
 *
 * @param owner whose it is
 * @param created seconds since 1970, as {@code active}
 * @param active when it was last changed or asked
 */
public record VectorStore(String id, String owner, long created, long active, About about) {
  private static final long DAY = 24L * 3600;

  /**
   * What is said of it.
   *
   * @param metadata what programs note
   * @param model that makes its vectors
   * @param idleDays unused for so long, it is deleted
   */
  public record About(
      String name,
      String description,
      Map<String, Object> metadata,
      String model,
      OptionalInt idleDays) {
    Map<String, Object> json() {
      Map<String, Object> json = new LinkedHashMap<>();
      json.put("name", name);
      json.put("description", description);
      json.put("metadata", metadata);
      json.put("model", model);
      idleDays.ifPresent(days -> json.put("idle_days", days));
      return json;
    }

    @SuppressWarnings("unchecked") // as json() has written it
    static About of(Map<String, Object> json) {
      return new About(
          (String) json.get("name"),
          (String) json.get("description"),
          (Map<String, Object>) json.get("metadata"),
          (String) json.get("model"),
          json.get("idle_days") instanceof Number days
              ? OptionalInt.of(days.intValue())
              : OptionalInt.empty());
    }
  }

  /** When it is deleted if nobody uses it until then, in seconds since 1970. */
  public OptionalLong expires() {
    return about.idleDays().isPresent()
        ? OptionalLong.of(active + about.idleDays().getAsInt() * DAY)
        : OptionalLong.empty();
  }
}
