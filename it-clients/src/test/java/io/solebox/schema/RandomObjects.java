package io.solebox.schema;

import static io.solebox.schema.RandomSchemas.schema;

import io.solebox.schema.RandomSchemas.Made;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/** Schemas of objects. */
final class RandomObjects {
  private final Random random;
  private final RandomSchemas schemas;

  RandomObjects(Random random, RandomSchemas schemas) {
    this.random = random;
    this.schemas = schemas;
  }

  Made next(int depth) {
    return switch (random.nextInt(10)) {
      case 0, 1 -> object(depth, true);
      case 2 -> merged(depth);
      case 3 -> patterns(depth);
      case 4 -> names();
      case 5 -> counted(depth);
      case 6 -> dependent(depth);
      case 7 -> unevaluated(depth);
      case 8 -> conditional(depth);
      default -> notBoth(depth);
    };
  }

  private Made object(int depth, boolean open) {
    Map<String, Made> properties = new LinkedHashMap<>();
    int count = random.nextInt(5);
    for (int i = 0; i < count; i++) {
      properties.put(
          (random.nextBoolean() ? "name" : "é n") + random.nextInt(1000), schemas.next(depth - 1));
    }
    List<Object> required = new ArrayList<>();
    properties.keySet().stream().filter(_ -> random.nextBoolean()).forEach(required::add);
    Map<String, Object> own = new LinkedHashMap<>();
    properties.forEach((name, made) -> own.put(name, made.schema()));
    Map<String, Object> schema = schema("type", "object", "properties", own, "required", required);
    boolean others = open && random.nextBoolean();
    if (open) {
      schema.put("additionalProperties", others ? schema("type", "integer") : false);
    }
    return made(
        schema,
        value -> {
          properties.forEach(
              (name, made) -> {
                if (required.contains(name) || random.nextBoolean()) {
                  value.put(name, made.values().get());
                }
              });
          for (int i = 0; others && i < random.nextInt(3); i++) {
            value.put("other " + random.nextInt(1000), random.nextLong(100));
          }
        });
  }

  private static Made made(Map<String, Object> schema, Consumer<Map<String, Object>> fill) {
    return new Made(
        schema,
        () -> {
          Map<String, Object> value = new LinkedHashMap<>();
          fill.accept(value);
          return value;
        });
  }

  /** Two open objects with properties of their own. */
  private Made merged(int depth) {
    Made a = object(depth - 1, false);
    Made b = object(depth - 1, false);
    b.schema().remove("type");
    return made(
        schema("allOf", List.of(a.schema(), renamed(b.schema()))),
        value -> {
          ((Map<?, ?>) a.values().get())
              .forEach((name, member) -> value.put((String) name, member));
          ((Map<?, ?>) b.values().get())
              .forEach((name, member) -> value.put("second " + name, member));
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

  private Made patterns(int depth) {
    Made own = schemas.next(depth - 1);
    Map<String, Object> patterns =
        schema("^x_", schema("type", "integer"), "_y$", schema("type", "boolean"));
    return made(
        schema(
            "type",
            "object",
            "properties",
            schema("a", own.schema()),
            "patternProperties",
            patterns,
            "additionalProperties",
            false),
        value -> {
          value.put("a", own.values().get());
          value.put("x_" + random.nextInt(9), random.nextLong(9));
          value.put(random.nextInt(9) + "_y", random.nextBoolean());
        });
  }

  private Made names() {
    return made(
        schema(
            "type",
            "object",
            "propertyNames",
            schema("pattern", "^[a-z]{1,6}$"),
            "additionalProperties",
            schema("type", "integer"),
            "maxProperties",
            2L),
        value -> {
          for (int i = random.nextInt(3); i > 0; i--) {
            value.put("n".repeat(i), random.nextLong(9));
          }
        });
  }

  private Made counted(int depth) {
    List<Made> members = List.of(schemas.next(depth - 1), schemas.next(0), schemas.next(0));
    return made(
        schema(
            "type",
            "object",
            "properties",
            schema(
                "a",
                members.get(0).schema(),
                "b",
                members.get(1).schema(),
                "c",
                members.get(2).schema()),
            "additionalProperties",
            false,
            "minProperties",
            1L,
            "maxProperties",
            2L),
        value -> {
          int left = random.nextInt(3);
          for (int i = 0; i < 3; i++) {
            if (i != left) {
              value.put("abc".substring(i, i + 1), members.get(i).values().get());
            }
          }
        });
  }

  private Made dependent(int depth) {
    Made a = schemas.next(depth - 1);
    Made b = schemas.next(0);
    boolean names = random.nextBoolean();
    Map<String, Object> schema =
        schema("type", "object", "properties", schema("a", a.schema(), "b", b.schema()));
    schema.put(
        names ? "dependentRequired" : "dependentSchemas",
        schema("a", names ? List.of("b") : schema("required", List.of("b"))));
    return made(
        schema,
        value -> {
          if (random.nextBoolean()) {
            value.put("a", a.values().get());
          }
          value.put("b", b.values().get());
        });
  }

  private Made unevaluated(int depth) {
    Made a = schemas.next(depth - 1);
    Made b = schemas.next(0);
    boolean closed = random.nextBoolean();
    return made(
        schema(
            "type",
            "object",
            "properties",
            schema("a", a.schema()),
            "allOf",
            List.of(schema("properties", schema("b", b.schema()))),
            "unevaluatedProperties",
            closed ? false : schema("type", "null")),
        value -> {
          value.put("a", a.values().get());
          value.put("b", b.values().get());
          if (!closed) {
            value.put("c", null);
          }
        });
  }

  private Made conditional(int depth) {
    Made yes = schemas.next(depth - 1);
    Made no = schemas.next(0);
    return made(
        schema(
            "type",
            "object",
            "properties",
            schema("kind", schema("enum", List.of("a", "b"))),
            "required",
            List.of("kind"),
            "if",
            schema("properties", schema("kind", schema("const", "a"))),
            "then",
            schema("properties", schema("x", yes.schema()), "required", List.of("x")),
            "else",
            schema("properties", schema("x", no.schema()))),
        value -> {
          boolean first = random.nextBoolean();
          value.put("kind", first ? "a" : "b");
          if (first || random.nextBoolean()) {
            value.put("x", (first ? yes : no).values().get());
          }
        });
  }

  private Made notBoth(int depth) {
    Made a = schemas.next(depth - 1);
    Made b = schemas.next(0);
    return made(
        schema(
            "type",
            "object",
            "properties",
            schema("a", a.schema(), "b", b.schema()),
            "not",
            schema("required", List.of("a", "b"))),
        value -> {
          boolean first = random.nextBoolean();
          value.put(first ? "a" : "b", (first ? a : b).values().get());
        });
  }
}
