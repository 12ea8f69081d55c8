package io.solebox.engine.constrain.schema;

import java.util.List;
import java.util.Map;

/**
 * What the values of keywords must look like, whatever the type of what they speak of: a keyword
 * that says nothing as it stands, though its writer meant something, is refused.
 */
final class Shapes {
  private Shapes() {}

  /**
   * @throws io.solebox.engine.error.SoleboxException with the place of the keyword
   */
  static void check(Schema schema, String keyword, SchemaOptions options) {
    switch (keyword) {
      case "type" -> Types.of(schema);
      case "minimum", "maximum" -> schema.number(keyword);
      case "exclusiveMinimum" -> limit(schema, keyword, "minimum");
      case "exclusiveMaximum" -> limit(schema, keyword, "maximum");
      case "multipleOf" -> NumberFacts.divisor(schema);
      case "minLength",
          "maxLength",
          "minItems",
          "maxItems",
          "minContains",
          "maxContains",
          "minProperties",
          "maxProperties" ->
          schema.count(keyword);
      case "nullable", "uniqueItems" -> schema.flag(keyword);
      case "pattern", "$ref" -> schema.text(keyword);
      case "format" -> format(schema, options);
      case "required" -> required(schema);
      case "enum", "allOf", "anyOf", "oneOf" -> schema.list(keyword);
      case "properties",
          "patternProperties",
          "dependentRequired",
          "dependentSchemas",
          "dependencies" ->
          schema.members(keyword);
      case "items", "additionalItems" -> behindTuple(schema, keyword);
      case "additionalProperties",
          "propertyNames",
          "contains",
          "not",
          "if",
          "then",
          "else",
          "unevaluatedProperties",
          "unevaluatedItems" ->
          schema.schema(keyword);
      default -> {
        // any value will do: const, prefixItems, notes, and what is passed over
      }
    }
  }

  /** A number, or in draft 4 a flag of the limit beside it. */
  private static void limit(Schema schema, String keyword, String limit) {
    if (!(schema.keywords().get(keyword) instanceof Boolean)) {
      schema.number(keyword);
    } else if (!schema.has(limit)) {
      throw Refusal.of(
          schema.pointer(keyword),
          "%s says nothing without %s.".formatted(keyword, limit),
          "Write the limit itself: a number.");
    }
  }

  private static void format(Schema schema, SchemaOptions options) {
    String name = schema.text("format").orElseThrow();
    if (!options.lenient() && !Formats.isKnown(name)) {
      throw Refusal.of(
          schema.pointer("format"),
          "There is no format %s that can be held.".formatted(name),
          "Use one of %s, or a pattern.".formatted(String.join(", ", Formats.names())));
    }
  }

  /** In draft 3 it was a flag of the property, which some still write. */
  private static void required(Schema schema) {
    if (schema.keywords().get("required") instanceof Boolean) {
      throw Refusal.of(
          schema.pointer("required"),
          "required must be a list of names.",
          "Write required beside properties, with the names of the properties in it.");
    }
    schema.texts("required");
  }

  /** Where prefixItems is the tuple, items is what follows it, and additionalItems is not known. */
  private static void behindTuple(Schema schema, String keyword) {
    Object value = schema.keywords().get(keyword);
    boolean list = keyword.equals("items") && value instanceof List;
    boolean open = Boolean.TRUE.equals(value) || (value instanceof Map<?, ?> map && map.isEmpty());
    if (schema.has("prefixItems") && (list || (keyword.equals("additionalItems") && !open))) {
      throw Refusal.of(
          schema.pointer(keyword),
          "%s says nothing beside prefixItems.".formatted(list ? "A list of items" : keyword),
          "Write what follows the tuple as items.");
    }
    if (!list) {
      schema.schema(keyword);
    }
  }
}
