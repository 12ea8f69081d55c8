package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Denied;
import io.solebox.engine.constrain.schema.Alternative.DeniedProperty;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the values are for which a schema does not hold: those for which one of its keywords fails.
 */
final class Negation {
  /** What does not hold where the keyword fails cannot be said by a grammar. */
  static final class UndecidableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UndecidableException(String message) {
      super(message, null, false, false);
    }
  }

  /** Nothing fails them where they are true. */
  private static final Set<String> OPEN =
      Set.of(
          "additionalProperties", "additionalItems", "unevaluatedProperties", "unevaluatedItems");

  private final Expansion expansion;

  Negation(Expansion expansion) {
    this.expansion = expansion;
  }

  /**
   * @throws UndecidableException naming the keyword
   */
  List<Alternative> of(Schema schema) {
    if (schema.isTrue()) {
      return List.of();
    }
    if (schema.isFalse()) {
      return List.of(Alternative.FREE);
    }
    List<Alternative> all = new ArrayList<>();
    for (String keyword : schema.keywords().keySet()) {
      failing(schema, keyword).stream().map(Alternative::evaluatingNothing).forEach(all::add);
    }
    return all;
  }

  private List<Alternative> failing(Schema schema, String keyword) {
    return switch (keyword) {
      case "$ref" -> expansion.of(Claim.fails(expansion.references().resolve(schema)));
      case "allOf" ->
          schema.schemas(keyword).stream()
              .flatMap(part -> expansion.of(Claim.fails(part)).stream())
              .toList();
      case "anyOf" -> expansion.of(schema.schemas(keyword).stream().map(Claim::fails).toList());
      case "not" -> expansion.of(Claim.holds(schema.schema(keyword).orElseThrow()));
      case "type" -> List.of(new Alternative(Kind.others(Types.of(schema)), Set.of()));
      case "enum", "const" -> List.of(Alternative.of(Kind.ALL, new Denied(schema, keyword)));
      case "exclusiveMinimum", "exclusiveMaximum" ->
          schema.keywords().get(keyword) instanceof Boolean
              ? List.of() // a part of what the limit beside it says
              : denied(schema, keyword);
      case "minimum",
          "maximum",
          "multipleOf",
          "minLength",
          "maxLength",
          "pattern",
          "minItems",
          "maxItems",
          "minProperties",
          "maxProperties" ->
          denied(schema, keyword);
      case "format" -> format(schema);
      case "required" -> missing(schema);
      case "properties" ->
          schema.members(keyword).keySet().stream()
              .filter(name -> !schema.member(keyword, name).isTrue())
              .map(name -> Alternative.of(Set.of(Kind.OBJECT), new DeniedProperty(schema, name)))
              .toList();
      default -> {
        boolean free = Keywords.isAnnotation(keyword) || keyword.equals("nullable");
        Object value = schema.keywords().get(keyword);
        if (free || (Boolean.TRUE.equals(value) && OPEN.contains(keyword))) {
          yield List.of();
        }
        throw new UndecidableException(
            "what fails %s at %s cannot be told".formatted(keyword, schema.pointer(keyword)));
      }
    };
  }

  private static List<Alternative> denied(Schema schema, String keyword) {
    return List.of(Alternative.of(Keywords.kinds(keyword), new Denied(schema, keyword)));
  }

  /** Strings fail formats, except those that ask nothing; numbers fail widths, on either side. */
  private List<Alternative> format(Schema schema) {
    String name = schema.text("format").orElseThrow();
    Optional<Formats.Width> width = Formats.width(name);
    if (width.isEmpty()) {
      return Formats.isFree(name) || !Formats.isKnown(name)
          ? List.of()
          : List.of(Alternative.of(Set.of(Kind.STRING), new Denied(schema, "format")));
    }
    String at = schema.pointer("format");
    Map<String, Object> below = Map.of("type", "number", "exclusiveMaximum", width.get().first());
    Map<String, Object> above = Map.of("type", "number", "minimum", width.get().end());
    List<Alternative> all = new ArrayList<>();
    all.addAll(expansion.of(Claim.holds(schema.inner(at + "/below", below))));
    all.addAll(expansion.of(Claim.holds(schema.inner(at + "/above", above))));
    return all;
  }

  private List<Alternative> missing(Schema schema) {
    List<Alternative> all = new ArrayList<>();
    for (String name : schema.texts("required")) {
      Map<String, Object> without = new LinkedHashMap<>(Dependencies.absent(name));
      without.put("type", "object");
      Schema absent =
          schema.inner(Refusal.step(schema.pointer("required"), name) + "/absent", without);
      all.addAll(expansion.of(Claim.holds(absent)));
    }
    return all;
  }
}
