package io.solebox.schema;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;

/** Schemas at random, each with values for which it holds, properties in the schema's order. */
final class RandomSchemas {
  private final Random random;
  private final RandomScalars scalars;
  private final RandomObjects objects;

  /** A schema and a maker of values that are valid. */
  record Made(Map<String, Object> schema, Supplier<Object> values) {}

  RandomSchemas(Random random) {
    this.random = random;
    this.scalars = new RandomScalars(random);
    this.objects = new RandomObjects(random, this);
  }

  Made next(int depth) {
    return switch (depth > 0 ? random.nextInt(12) : 0) {
      case 0, 1, 2 -> scalars.next();
      case 3, 4, 5 -> objects.next(depth);
      case 6, 7 -> array(depth);
      case 8 -> special();
      case 9 -> either(depth);
      case 10 -> exactlyOne(depth);
      default -> referring(depth);
    };
  }

  static Map<String, Object> schema(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private Made array(int depth) {
    Made item = next(depth - 1);
    int min = random.nextInt(3);
    int max = min + random.nextInt(3);
    if (random.nextInt(3) == 0) {
      Made first = next(depth - 1);
      String rest = random.nextBoolean() ? "items" : "unevaluatedItems";
      return new Made(
          schema("type", "array", "prefixItems", List.of(first.schema()), rest, item.schema()),
          () -> {
            List<Object> value = list(item, random.nextInt(3));
            value.addFirst(first.values().get());
            return value;
          });
    }
    return new Made(
        schema(
            "type",
            "array",
            "items",
            item.schema(),
            "minItems",
            (long) min,
            "maxItems",
            (long) max),
        () -> list(item, min + random.nextInt(max - min + 1)));
  }

  private static List<Object> list(Made item, int count) {
    List<Object> value = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      value.add(item.values().get());
    }
    return value;
  }

  /** Arrays of which some item is asked, and those in which no two are equal. */
  private Made special() {
    if (random.nextBoolean()) {
      Made item = scalars.integer();
      return new Made(
          schema("type", "array", "items", item.schema(), "contains", schema("type", "integer")),
          () -> list(item, 1 + random.nextInt(3)));
    }
    List<Object> all = Arrays.asList("a", "é", 1L, 2.5, null, true);
    return new Made(
        schema("type", "array", "items", schema("enum", all), "uniqueItems", true, "minItems", 1L),
        () -> {
          List<Object> some = new ArrayList<>(all);
          Collections.shuffle(some, random);
          return some.subList(0, 1 + random.nextInt(all.size()));
        });
  }

  private Made either(int depth) {
    Made a = next(depth - 1);
    Made b = next(depth - 1);
    return new Made(
        schema("anyOf", List.of(a.schema(), b.schema())),
        () -> (random.nextBoolean() ? a : b).values().get());
  }

  private Made exactlyOne(int depth) {
    if (random.nextBoolean()) {
      Map<String, Object> twos = schema("type", "integer", "multipleOf", 2L, "maximum", 300L);
      Map<String, Object> threes = schema("type", "integer", "multipleOf", 3L, "minimum", 0L);
      return new Made(
          schema("minimum", 0L, "maximum", 300L, "oneOf", List.of(twos, threes)),
          () -> random.nextInt(50) * 6L + List.of(2L, 3L, 4L).get(random.nextInt(3)));
    }
    Made a = next(depth - 1);
    Made b = next(depth - 1);
    return new Made(
        schema("oneOf", List.of(tagged("a", a.schema()), tagged("b", b.schema()))),
        () -> {
          boolean first = random.nextBoolean();
          return schema("kind", first ? "a" : "b", "value", (first ? a : b).values().get());
        });
  }

  private static Map<String, Object> tagged(String kind, Map<String, Object> value) {
    return schema(
        "type",
        "object",
        "properties",
        schema("kind", schema("const", kind), "value", value),
        "required",
        List.of("kind", "value"));
  }

  /** A resource of its own, with a list of values that refers to itself. */
  private Made referring(int depth) {
    Made item = next(depth - 1);
    Map<String, Object> defined = schema("$anchor", "here");
    defined.put("anyOf", List.of(item.schema()));
    Map<String, Object> rest =
        schema("anyOf", List.of(schema("$ref", "#"), schema("type", "null")));
    return new Made(
        schema(
            "$id",
            "https://example.org/" + Long.toHexString(random.nextLong()),
            "type",
            "object",
            "properties",
            schema(
                "first",
                schema("$ref", "#/$defs/value"),
                "second",
                schema("$ref", "#here"),
                "rest",
                rest),
            "required",
            List.of("first", "rest"),
            "additionalProperties",
            false,
            "$defs",
            schema("value", defined)),
        () -> nested(item, random.nextInt(3)));
  }

  private static Object nested(Made item, int depth) {
    return depth == 0
        ? schema("first", item.values().get(), "second", item.values().get(), "rest", null)
        : schema("first", item.values().get(), "rest", nested(item, depth - 1));
  }
}
