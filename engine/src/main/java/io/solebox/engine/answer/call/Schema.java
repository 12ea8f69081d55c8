package io.solebox.engine.answer.call;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a value may be, as far as a JSON schema says it in {@code type}, {@code enum}, {@code
 * const}, {@code anyOf} and {@code oneOf}, and what its parts may be; {@code allOf} and references
 * inside of the schema are followed. The rest of a schema is not looked at: values are read, not
 * judged.
 */
public final class Schema {
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

  /** A pattern of words that Python has for what JSON has words for. */
  static final String CAPITALS = Kind.SPACE + "(?:True|False|None)" + Kind.SPACE;

  /** Any value. */
  public static final Schema ANY = new Schema(new SchemaDocument(Map.of()), List.of());

  private final SchemaDocument document;

  /** All that is said of the value, each as an object of the document. */
  private final List<Map<?, ?>> said;

  private final Set<Kind> kinds;
  private final boolean named;

  private Schema(SchemaDocument document, List<Map<?, ?>> said) {
    this.document = document;
    this.said = said;
    Optional<Set<Kind>> kinds = document.kinds(said);
    this.kinds = kinds.orElseGet(() -> EnumSet.allOf(Kind.class));
    this.named = kinds.isPresent();
  }

  /** Values of one kind. */
  public static Schema of(Kind kind) {
    return read(Map.of("type", kind.type));
  }

  /**
   * Values of the type that JSON schema calls so; {@link #ANY} for a word that it does not have.
   */
  public static Schema ofType(String type) {
    return read(Map.of("type", type));
  }

  /** The schema in JSON's types; {@link #ANY} for what is none. */
  public static Schema read(Object schema) {
    SchemaDocument document = new SchemaDocument(schema);
    return new Schema(document, document.all(Collections.singletonList(schema)));
  }

  /** The same of the text of a schema; {@link #ANY} for what is no JSON. */
  public static Schema parse(String json) {
    try {
      return read(new JsonReader(JsonLimits.LOCAL).read(json.getBytes(StandardCharsets.UTF_8)));
    } catch (JsonException e) {
      return ANY; // whoever makes a grammar of it says why it is none
    }
  }

  /** That it may be; all of them where it says nothing. */
  Set<Kind> kinds() {
    return kinds;
  }

  /** Whether it says which kinds of values there may be. */
  boolean named() {
    return named;
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

  /** Names of members that it tells of, in its order. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    for (Map<?, ?> part : said) {
      if (part.get("properties") instanceof Map<?, ?> members) {
        members.keySet().forEach(name -> names.add(String.valueOf(name)));
      }
    }
    return names;
  }

  /** Of a member; as of {@link #others} where none is named so. */
  Schema property(String name) {
    List<Object> told =
        said.stream()
            .filter(part -> part.get("properties") instanceof Map<?, ?> of && of.containsKey(name))
            .<Object>map(part -> ((Map<?, ?>) part.get("properties")).get(name))
            .toList();
    return told.isEmpty() ? others() : inner(told);
  }

  /** Of members that are not named; {@link #ANY} where patterns of names say something, too. */
  Schema others() {
    boolean patterns = said.stream().anyMatch(part -> part.containsKey("patternProperties"));
    return patterns ? ANY : inner("additionalProperties");
  }

  /** Of an element; {@link #ANY} where it depends on its place. */
  Schema element() {
    boolean places = said.stream().anyMatch(part -> part.containsKey("prefixItems"));
    return places ? ANY : inner("items");
  }

  private Schema inner(String keyword) {
    return inner(
        said.stream()
            .filter(part -> part.containsKey(keyword))
            .<Object>map(part -> part.get(keyword))
            .toList());
  }

  private Schema inner(List<Object> told) {
    List<Map<?, ?>> all = document.all(told);
    return all.isEmpty() ? ANY : new Schema(document, all);
  }
}
