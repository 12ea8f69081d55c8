package io.solebox.engine.constrain.schema;

import java.util.Map;
import java.util.Set;

/** What the keywords are that are honoured, that say nothing of validity, and that are refused. */
final class Keywords {
  /** They describe, name or organize; no value is valid or invalid because of them. */
  private static final Set<String> ANNOTATIONS =
      Set.of(
          "title",
          "description",
          "default",
          "examples",
          "example",
          "deprecated",
          "readOnly",
          "writeOnly",
          "$comment",
          "$schema",
          "$id",
          "id",
          "$anchor",
          "$dynamicAnchor",
          "$defs",
          "definitions",
          "$vocabulary",
          "contentEncoding",
          "contentMediaType",
          "contentSchema",
          "discriminator",
          "xml",
          "externalDocs",
          "enumNames",
          "markdownDescription",
          "propertyOrdering");

  /** What a schema says itself, and of which kind of value. */
  private static final Map<String, Set<Kind>> ASSERTIONS =
      Map.ofEntries(
          Map.entry("type", Kind.ALL),
          Map.entry("nullable", Kind.ALL),
          Map.entry("minimum", Kind.NUMBERS),
          Map.entry("maximum", Kind.NUMBERS),
          Map.entry("exclusiveMinimum", Kind.NUMBERS),
          Map.entry("exclusiveMaximum", Kind.NUMBERS),
          Map.entry("multipleOf", Kind.NUMBERS),
          Map.entry("minLength", Set.of(Kind.STRING)),
          Map.entry("maxLength", Set.of(Kind.STRING)),
          Map.entry("pattern", Set.of(Kind.STRING)),
          Map.entry("format", Set.of(Kind.STRING, Kind.INTEGER, Kind.FRACTION)),
          Map.entry("items", Set.of(Kind.ARRAY)),
          Map.entry("additionalItems", Set.of(Kind.ARRAY)),
          Map.entry("prefixItems", Set.of(Kind.ARRAY)),
          Map.entry("minItems", Set.of(Kind.ARRAY)),
          Map.entry("maxItems", Set.of(Kind.ARRAY)),
          Map.entry("uniqueItems", Set.of(Kind.ARRAY)),
          Map.entry("contains", Set.of(Kind.ARRAY)),
          Map.entry("minContains", Set.of(Kind.ARRAY)),
          Map.entry("maxContains", Set.of(Kind.ARRAY)),
          Map.entry("properties", Set.of(Kind.OBJECT)),
          Map.entry("patternProperties", Set.of(Kind.OBJECT)),
          Map.entry("additionalProperties", Set.of(Kind.OBJECT)),
          Map.entry("propertyNames", Set.of(Kind.OBJECT)),
          Map.entry("required", Set.of(Kind.OBJECT)),
          Map.entry("minProperties", Set.of(Kind.OBJECT)),
          Map.entry("maxProperties", Set.of(Kind.OBJECT)));

  /** What {@link Expansion} takes apart. */
  private static final Set<String> COMBINATIONS =
      Set.of(
          "$ref",
          "allOf",
          "anyOf",
          "oneOf",
          "not",
          "if",
          "then",
          "else",
          "enum",
          "const",
          "dependentRequired",
          "dependentSchemas",
          "dependencies",
          "unevaluatedProperties",
          "unevaluatedItems");

  private Keywords() {}

  static boolean isAssertion(String keyword) {
    return ASSERTIONS.containsKey(keyword);
  }

  static boolean isAnnotation(String keyword) {
    return ANNOTATIONS.contains(keyword) || keyword.startsWith("x-");
  }

  /** The kinds of values that an assertion can fail for. */
  static Set<Kind> kinds(String keyword) {
    return ASSERTIONS.get(keyword);
  }

  /**
   * Refuses a schema with a keyword that is not known, unless they are to be passed over, or with
   * one that cannot be read.
   */
  static void check(Schema schema, SchemaOptions options) {
    for (String keyword : schema.keywords().keySet()) {
      boolean known =
          isAnnotation(keyword) || isAssertion(keyword) || COMBINATIONS.contains(keyword);
      if (keyword.equals("$dynamicRef") || keyword.equals("$recursiveRef")) {
        throw Refusal.of(
            schema.pointer(keyword),
            "%s is not supported.".formatted(keyword),
            "Use $ref, which may refer to a schema around it.");
      }
      Shapes.check(schema, keyword, options);
      if (!known && !options.lenient()) {
        throw Refusal.of(
            schema.pointer(keyword),
            "%s is not a keyword of JSON Schema that is known.".formatted(keyword),
            "Correct it, leave it out, or begin its name with x- if it is a note.");
      }
    }
  }
}
