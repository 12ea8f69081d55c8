package io.solebox.schema;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.function.Supplier;

/** Schemas at random, each with values for which it holds, properties in the schema's order. */
final class RandomSchemas {
  private final Random random;

  /** A schema and a maker of values that are valid. */
  record Made(Map<String, Object> schema, Supplier<Object> values) {}

  RandomSchemas(Random random) {
    this.random = random;
  }

  Made next(int depth) {
    int kinds = depth > 0 ? 11 : 7;
    return switch (random.nextInt(kinds)) {
      case 0 -> integer();
      case 1 -> number();
      case 2 -> text();
      case 3 -> patterned();
      case 4 -> enumerated();
      case 5 -> new Made(schema("type", "boolean"), random::nextBoolean);
      case 6 -> constant();
      case 7 -> object(depth, true);
      case 8 -> array(depth);
      case 9 -> either(depth);
      default -> merged(depth);
    };
  }

  private static Map<String, Object> schema(Object... pairs) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      map.put((String) pairs[i], pairs[i + 1]);
    }
    return map;
  }

  private Made integer() {
    long low = random.nextInt(4000) - 2000;
    long span = random.nextInt(3000);
    if (random.nextInt(3) == 0) {
      long step = 1 + random.nextInt(12);
      // The judge takes remainders in doubles, so that integers need a bound.
      long high = (low + 50) * step;
      return new Made(
          schema("type", "integer", "minimum", low * step, "maximum", high, "multipleOf", step),
          () -> (low + random.nextInt(50)) * step);
    }
    return new Made(
        schema("type", "integer", "minimum", low, "exclusiveMaximum", low + span + 1),
        () -> low + random.nextLong(span + 1));
  }

  private Made number() {
    double low = (random.nextInt(40_000) - 20_000) / 100.0;
    double high = low + 1 + random.nextInt(500) / 10.0;
    return new Made(
        schema("type", "number", "minimum", low, "maximum", high),
        () ->
            Math.max(
                low,
                Math.min(
                    high, Math.round((low + (high - low) * random.nextDouble()) * 1e4) / 1e4)));
  }

  private Made text() {
    int min = random.nextInt(5);
    int max = min + random.nextInt(20);
    return new Made(
        schema("type", "string", "minLength", (long) min, "maxLength", (long) max),
        () -> characters(min + random.nextInt(max - min + 1)));
  }

  private String characters(int count) {
    String all = "abcXYZ 019_-\"\\/\n\t{}[],:é漢😀\u0001";
    int[] codePoints = all.codePoints().toArray();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.appendCodePoint(codePoints[random.nextInt(codePoints.length)]);
    }
    return text.toString();
  }

  private Made patterned() {
    return switch (random.nextInt(5)) {
      case 0 ->
          new Made(
              schema("type", "string", "pattern", "^[a-z]{2,5}-\\d+$", "maxLength", 12L),
              () -> "abcde".substring(0, 2 + random.nextInt(4)) + "-" + random.nextInt(99_999));
      case 1 ->
          new Made(
              schema("type", "string", "format", "date"),
              () -> LocalDate.ofEpochDay(random.nextInt(40_000)).toString());
      case 2 ->
          new Made(
              schema("type", "string", "format", "ipv4"),
              () -> random.nextInt(256) + "." + random.nextInt(256) + ".0.1");
      case 3 ->
          new Made(
              schema("type", "string", "format", "uuid"),
              () -> new UUID(random.nextLong(), random.nextLong()).toString());
      default ->
          new Made(
              schema("type", "string", "pattern", "(foo|bar)+", "not", schema("const", "foo")),
              () -> characters(2) + "foobar" + characters(1));
    };
  }

  private Made enumerated() {
    List<Object> values = new ArrayList<>(List.of("red", "a\"b", "é", 7L, 2.5, true));
    values.add(null);
    return new Made(schema("enum", values), () -> values.get(random.nextInt(values.size())));
  }

  private Made constant() {
    Object value =
        random.nextBoolean() ? schema("k", List.of(1L, "x"), "l", schema()) : List.of("a", false);
    return new Made(schema("const", value), () -> value);
  }

  private Made object(int depth, boolean open) {
    Map<String, Made> properties = new LinkedHashMap<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      properties.put(
          (random.nextBoolean() ? "name" : "é n") + random.nextInt(1000), next(depth - 1));
    }
    List<Object> required = new ArrayList<>();
    properties.keySet().stream().filter(_ -> random.nextBoolean()).forEach(required::add);
    Map<String, Object> schemas = new LinkedHashMap<>();
    properties.forEach((name, made) -> schemas.put(name, made.schema()));
    Map<String, Object> schema =
        schema("type", "object", "properties", schemas, "required", required);
    boolean others = open && random.nextBoolean();
    if (open) {
      schema.put("additionalProperties", others ? schema("type", "integer") : false);
    }
    return new Made(
        schema,
        () -> {
          Map<String, Object> value = new LinkedHashMap<>();
          properties.forEach(
              (name, made) -> {
                if (required.contains(name) || random.nextBoolean()) {
                  value.put(name, made.values().get());
                }
              });
          for (int i = 0; others && i < random.nextInt(3); i++) {
            value.put("other " + random.nextInt(1000), random.nextLong(100));
          }
          return value;
        });
  }

  private Made array(int depth) {
    Made item = next(depth - 1);
    int min = random.nextInt(3);
    int max = min + random.nextInt(3);
    if (random.nextInt(3) == 0) {
      Made first = next(depth - 1);
      return new Made(
          schema("type", "array", "prefixItems", List.of(first.schema()), "items", item.schema()),
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

  private Made either(int depth) {
    Made a = next(depth - 1);
    Made b = next(depth - 1);
    return new Made(
        schema("anyOf", List.of(a.schema(), b.schema())),
        () -> (random.nextBoolean() ? a : b).values().get());
  }

  /** Two open objects with properties of their own. */
  private Made merged(int depth) {
    Made a = object(depth - 1, false);
    Made b = object(depth - 1, false);
    b.schema().remove("type");
    return new Made(
        schema("allOf", List.of(a.schema(), renamed(b.schema()))),
        () -> {
          Map<String, Object> value = new LinkedHashMap<>();
          ((Map<?, ?>) a.values().get())
              .forEach((name, member) -> value.put((String) name, member));
          ((Map<?, ?>) b.values().get())
              .forEach((name, member) -> value.put("second " + name, member));
          return value;
        });
  }

  private static Map<String, Object> renamed(Map<String, Object> schema) {
    Map<String, Object> properties = new LinkedHashMap<>();
    ((Map<?, ?>) schema.get("properties"))
        .forEach((name, of) -> properties.put("second " + name, of));
    List<Object> required = new ArrayList<>();
    ((List<?>) schema.get("required")).forEach(name -> required.add("second " + name));
    return schema("properties", properties, "required", required);
  }
}
