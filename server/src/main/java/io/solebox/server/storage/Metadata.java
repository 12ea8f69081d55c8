package io.solebox.server.storage;

import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.util.LinkedHashMap;
import java.util.Map;

/** What programs note on things that are kept. */
public final class Metadata {
  private static final int MAX_MEMBERS = 16;
  private static final int MAX_NAME = 64;
  private static final int MAX_VALUE = 512;

  private Metadata() {}

  /**
   * Up to 16 texts by name, as at OpenAI.
   *
   * @throws io.solebox.server.http.Problem 400
   */
  public static Map<String, Object> of(Object given) {
    Map<String, Object> metadata = new LinkedHashMap<>(Fields.members(given, "metadata"));
    if (metadata.size() > MAX_MEMBERS) {
      throw Params.invalidValue(
          "metadata",
          "'metadata' has %d members, at most %d.".formatted(metadata.size(), MAX_MEMBERS));
    }
    metadata.forEach(Metadata::check);
    return metadata;
  }

  private static void check(String name, Object value) {
    if (!(value instanceof String text)) {
      throw Params.invalidType("metadata." + name, "a string", value);
    }
    if (name.length() > MAX_NAME || text.length() > MAX_VALUE) {
      throw Params.invalidValue(
          "metadata." + name,
          "Names have at most %d characters, and values %d.".formatted(MAX_NAME, MAX_VALUE));
    }
  }
}
