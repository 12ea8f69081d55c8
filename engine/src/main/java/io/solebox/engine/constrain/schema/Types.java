package io.solebox.engine.constrain.schema;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What {@code type} says. */
final class Types {
  private Types() {}

  /** All kinds if the schema says nothing. */
  static Set<Kind> of(Schema schema) {
    if (!schema.has("type")) {
      return Kind.ALL;
    }
    Set<Kind> kinds = new HashSet<>();
    Object type = schema.keywords().get("type");
    for (Object name : type instanceof List<?> list ? list : List.of(String.valueOf(type))) {
      Set<Kind> named = Kind.ofType(String.valueOf(name));
      if (named.isEmpty()) {
        throw Refusal.malformed(schema.pointer("type"), "There is no type %s.".formatted(name));
      }
      kinds.addAll(named);
    }
    if (schema.flag("nullable")) { // of OpenAPI 3.0, which speaks of a type beside it
      kinds.add(Kind.NULL);
    }
    return kinds;
  }
}
