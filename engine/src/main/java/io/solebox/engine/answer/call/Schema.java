package io.solebox.engine.answer.call;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a value may be, as far as a JSON schema says it in {@code type}, {@code enum}, {@code
 * const}, {@code anyOf} and {@code oneOf}, and what its parts may be. The rest of a schema is not
 * looked at: values are read, not judged.
 *
 * @param kinds that it may be
 * @param named whether the schema names the kinds; otherwise they are all
 */
public record Schema(
    Set<Kind> kinds, boolean named, Map<String, Schema> properties, Optional<Schema> items) {
  /** The kinds of values that JSON has. */
  public enum Kind {
    STRING("string", "\"(?:[^\"\\\\]|\\\\[\\s\\S])*\""),
    NUMBER("number", "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"),
    BOOLEAN("boolean", "true|false"),
    NULL("null", "null"),
    OBJECT("object", "\\{[\\s\\S]*\\}"),
    ARRAY("array", "\\[[\\s\\S]*\\]");

    /** As Java and JSON have it. */
    private static final String SPACE = "[\\s\\x1c-\\x1f]*";

    private final String type;
    private final String texts;

    Kind(String type, String texts) {
      this.type = type;
      this.texts = texts;
    }

    /** As JSON Schema names it. */
    String type() {
      return type;
    }

    /** A pattern of all texts that may be read as a value of this kind; some are none. */
    String texts() {
      return SPACE + "(?:" + texts + ")" + SPACE;
    }

    /** The kind that JSON text of that first character is of. */
    static Kind beginningWith(char c) {
      return switch (c) {
        case '"' -> STRING;
        case 't', 'f' -> BOOLEAN;
        case 'n' -> NULL;
        case '{' -> OBJECT;
        case '[' -> ARRAY;
        default -> NUMBER;
      };
    }
  }

  private static final int MAX_DEPTH = 20;

  /** A pattern of words that Python has for what JSON has words for. */
  static final String CAPITALS = Kind.SPACE + "(?:True|False|None)" + Kind.SPACE;

  /** Any value. */
  public static final Schema ANY =
      new Schema(EnumSet.allOf(Kind.class), false, Map.of(), Optional.empty());

  /** Values of one kind. */
  public static Schema of(Kind kind) {
    return new Schema(EnumSet.of(kind), true, Map.of(), Optional.empty());
  }

  /**
   * Values of the type that JSON schema calls so; {@link #ANY} for a word that it does not have.
   */
  public static Schema ofType(String type) {
    return kind(type).map(Schema::of).orElse(ANY);
  }

  /** The schema in JSON's types; {@link #ANY} for what is none. */
  public static Schema read(Object schema) {
    return read(schema, 0);
  }

  /** The same of the text of a schema; {@link #ANY} for what is no JSON. */
  public static Schema parse(String json) {
    try {
      return read(new JsonReader(JsonLimits.LOCAL).read(json.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonException e) {
      return ANY; // whoever makes a grammar of it says why it is none
    }
  }

  private static Schema read(Object schema, int depth) {
    if (!(schema instanceof Map<?, ?> map) || depth > MAX_DEPTH) {
      return ANY;
    }
    Set<Kind> kinds = kinds(map, depth);
    Map<String, Schema> properties = new LinkedHashMap<>();
    if (map.get("properties") instanceof Map<?, ?> members) {
      members.forEach((name, of) -> properties.put(String.valueOf(name), read(of, depth + 1)));
    }
    Optional<Schema> items =
        map.get("items") instanceof Map<?, ?> of
            ? Optional.of(read(of, depth + 1))
            : Optional.empty();
    return kinds.isEmpty()
        ? new Schema(ANY.kinds, false, properties, items)
        : new Schema(kinds, true, properties, items);
  }

  private static Set<Kind> kinds(Map<?, ?> schema, int depth) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    switch (schema.get("type")) {
      case String type -> kind(type).ifPresent(kinds::add);
      case Collection<?> types ->
          types.forEach(type -> kind(String.valueOf(type)).ifPresent(kinds::add));
      case null, default -> addOthers(schema, depth, kinds);
    }
    if (Boolean.TRUE.equals(schema.get("nullable")) && !kinds.isEmpty()) {
      kinds.add(Kind.NULL);
    }
    return kinds;
  }

  private static void addOthers(Map<?, ?> schema, int depth, Set<Kind> kinds) {
    if (schema.get("enum") instanceof Collection<?> values) {
      values.forEach(value -> kinds.add(kindOf(value)));
    } else if (schema.containsKey("const")) {
      kinds.add(kindOf(schema.get("const")));
    } else if (schema.containsKey("properties")) {
      kinds.add(Kind.OBJECT);
    } else if (schema.containsKey("items")) {
      kinds.add(Kind.ARRAY);
    }
    for (String key : List.of("anyOf", "oneOf")) {
      if (schema.get(key) instanceof Collection<?> choices) {
        choices.forEach(choice -> kinds.addAll(read(choice, depth + 1).kinds));
      }
    }
  }

  private static Optional<Kind> kind(String type) {
    return switch (type) {
      case "string" -> Optional.of(Kind.STRING);
      case "number", "integer" -> Optional.of(Kind.NUMBER);
      case "boolean" -> Optional.of(Kind.BOOLEAN);
      case "null" -> Optional.of(Kind.NULL);
      case "object" -> Optional.of(Kind.OBJECT);
      case "array" -> Optional.of(Kind.ARRAY);
      default -> Optional.empty();
    };
  }

  private static Kind kindOf(Object value) {
    return switch (value) {
      case String _ -> Kind.STRING;
      case Boolean _ -> Kind.BOOLEAN;
      case Map<?, ?> _ -> Kind.OBJECT;
      case Collection<?> _ -> Kind.ARRAY;
      case null -> Kind.NULL;
      default -> Kind.NUMBER;
    };
  }

  boolean mayBe(Kind kind) {
    return kinds.contains(kind);
  }

  /** Whether it is text, and nothing else. */
  boolean isText() {
    return kinds.size() == 1 && mayBe(Kind.STRING);
  }

  /**
   * The kinds of JSON that a value without quotes is read as; whatever else it says is text. Quotes
   * of text are text where the schema names it.
   */
  Set<Kind> readAsJson() {
    if (isText()) {
      return Set.of();
    }
    if (!mayBe(Kind.STRING)) {
      return ANY.kinds;
    }
    Set<Kind> kinds = EnumSet.copyOf(this.kinds);
    if (named) {
      kinds.remove(Kind.STRING);
    }
    return kinds;
  }

  /** The kinds that words of Python are read as. */
  Set<Kind> readAsCapitals() {
    Set<Kind> read = EnumSet.of(Kind.BOOLEAN, Kind.NULL);
    read.retainAll(kinds);
    return mayBe(Kind.STRING) ? Set.of() : read;
  }

  /** Of a member; {@link #ANY} where none is named so. */
  Schema property(String name) {
    return properties.getOrDefault(name, ANY);
  }

  /** Of an element. */
  Schema element() {
    return items.orElse(ANY);
  }
}
