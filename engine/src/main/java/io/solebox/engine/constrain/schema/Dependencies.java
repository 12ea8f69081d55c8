package io.solebox.engine.constrain.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What has to hold where a property is there. */
final class Dependencies {
  private Dependencies() {}

  /** One claim for each property. */
  static List<Claim> of(Schema schema, String keyword, Expansion expansion) {
    List<Claim> claims = new ArrayList<>();
    schema
        .members(keyword)
        .forEach((name, needed) -> claims.add(claim(schema, keyword, name, needed)));
    return claims;
  }

  /** The property is absent, or all that is needed holds. */
  private static Claim claim(Schema schema, String keyword, String name, Object needed) {
    Map<String, Object> present = new LinkedHashMap<>();
    present.put("type", "object");
    List<Object> required = new ArrayList<>(List.of(name));
    present.put("required", required);
    if (needed instanceof List<?> names) {
      required.addAll(names);
    } else {
      present.put("allOf", List.of(needed));
    }
    Map<String, Object> either = new LinkedHashMap<>();
    either.put("anyOf", List.of(absent(name), present));
    return Claim.holds(
        schema.inner(Refusal.step(schema.pointer(keyword), name) + "/either", either));
  }

  /** No object with this property. */
  static Map<String, Object> absent(String name) {
    return Map.of("properties", Map.of(name, false));
  }
}
