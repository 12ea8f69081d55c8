package io.solebox.server;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Holds values to the schemas of {@code /openapi.json}, in the words of JSON Schema that these use.
 */
final class SchemaCheck {
  private static final String REFERENCE = "#/components/schemas/";
  private static final Set<String> KNOWN =
      Set.of(
          "$ref",
          "type",
          "const",
          "enum",
          "anyOf",
          "allOf",
          "properties",
          "required",
          "additionalProperties",
          "items",
          "minItems",
          "maxItems",
          "minimum",
          "maximum",
          "pattern",
          "description",
          "default");

  private final Map<?, ?> schemas;

  /**
   * @param schemas of the document's components
   */
  SchemaCheck(Map<?, ?> schemas) {
    this.schemas = schemas;
  }

  /** What is wrong with a value; empty if nothing is. */
  Optional<String> fault(Object value, Map<?, ?> schema, String place) {
    if (!KNOWN.containsAll(schema.keySet())) {
      throw new IllegalArgumentException("unknown words in " + schema.keySet());
    }
    if (schema.get("$ref") instanceof String name) {
      Object found = schemas.get(name.substring(REFERENCE.length()));
      return fault(value, (Map<?, ?>) found, place);
    }
    if (schema.get("anyOf") instanceof List<?> several
        && several.stream().noneMatch(one -> fault(value, (Map<?, ?>) one, place).isEmpty())) {
      return Optional.of(place + " is nothing of " + several);
    }
    if (schema.get("allOf") instanceof List<?> several) {
      for (Object one : several) {
        Optional<String> fault = fault(value, (Map<?, ?>) one, place);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    boolean fits =
        isOfType(value, schema.get("type"))
            && (!schema.containsKey("const") || schema.get("const").equals(value))
            && (!(schema.get("enum") instanceof List<?> words) || words.contains(value))
            && matches(value, schema)
            && inRange(value, schema);
    if (!fits) {
      return Optional.of(place + " is " + value + ", not " + schema);
    }
    return switch (value) {
      case Map<?, ?> map -> members(map, schema, place);
      case List<?> list -> elements(list, schema, place);
      case null, default -> Optional.empty();
    };
  }

  private static boolean matches(Object value, Map<?, ?> schema) {
    return !(value instanceof String text && schema.get("pattern") instanceof String pattern)
        || Pattern.compile(pattern).matcher(text).find();
  }

  private static boolean isOfType(Object value, Object type) {
    return switch ((String) type) {
      case null -> true;
      case "null" -> value == null;
      case "string" -> value instanceof String;
      case "boolean" -> value instanceof Boolean;
      case "object" -> value instanceof Map;
      case "array" -> value instanceof List;
      case "number" -> value instanceof Number;
      case "integer" -> value instanceof Number number && isWhole(number);
      default -> throw new IllegalArgumentException("no type: " + type);
    };
  }

  private static boolean isWhole(Number number) {
    return number instanceof Long
        || number instanceof BigInteger
        || (number instanceof BigDecimal exact && exact.stripTrailingZeros().scale() <= 0)
        || number.doubleValue() == Math.rint(number.doubleValue());
  }

  private static boolean inRange(Object value, Map<?, ?> schema) {
    return !(value instanceof Number number)
        || ((!(schema.get("minimum") instanceof Number least)
                || number.doubleValue() >= least.doubleValue())
            && (!(schema.get("maximum") instanceof Number most)
                || number.doubleValue() <= most.doubleValue()));
  }

  private Optional<String> members(Map<?, ?> map, Map<?, ?> schema, String place) {
    if (schema.get("required") instanceof List<?> names && !map.keySet().containsAll(names)) {
      return Optional.of(place + " lacks one of " + names);
    }
    Map<?, ?> properties = schema.get("properties") instanceof Map<?, ?> given ? given : Map.of();
    for (var member : map.entrySet()) {
      Object known = properties.get(member.getKey());
      if (known == null && schema.get("additionalProperties") instanceof Map<?, ?> others) {
        known = others;
      }
      if (known == null && Boolean.FALSE.equals(schema.get("additionalProperties"))) {
        return Optional.of(place + " has an unknown '" + member.getKey() + "'");
      }
      if (known != null) {
        String inside = place + "." + member.getKey();
        Optional<String> fault = fault(member.getValue(), (Map<?, ?>) known, inside);
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> elements(List<?> list, Map<?, ?> schema, String place) {
    if ((schema.get("minItems") instanceof Number least && list.size() < least.intValue())
        || (schema.get("maxItems") instanceof Number most && list.size() > most.intValue())) {
      return Optional.of(place + " has " + list.size() + " elements, not as " + schema);
    }
    if (schema.get("items") instanceof Map<?, ?> each) {
      for (int i = 0; i < list.size(); i++) {
        Optional<String> fault = fault(list.get(i), each, place + "[" + i + "]");
        if (fault.isPresent()) {
          return fault;
        }
      }
    }
    return Optional.empty();
  }
}
