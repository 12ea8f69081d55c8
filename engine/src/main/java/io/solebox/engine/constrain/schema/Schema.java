package io.solebox.engine.constrain.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One schema inside of a document: an object of keywords, or true or false. Equal to another where
 * both lie at the same place and say the same: schemas that are made up on the way have places of
 * their own making, where others may be. Immutable.
 */
final class Schema {
  private final String pointer;
  private final String base;
  private final Object value;

  /**
   * @param pointer its place, as {@code #/properties/a}
   * @param base URI that references in it are relative to; empty for that of the document
   * @param value as {@code JsonReader} makes it
   */
  Schema(String pointer, String base, Object value) {
    if (!(value instanceof Map) && !(value instanceof Boolean)) {
      throw Refusal.malformed(pointer, "A schema must be an object, true or false.");
    }
    this.pointer = pointer;
    this.base = base;
    this.value = value;
  }

  String pointer() {
    return pointer;
  }

  String pointer(String keyword) {
    return Refusal.step(pointer, keyword);
  }

  String base() {
    return base;
  }

  /** Whether it is true, or has no keywords. */
  boolean isTrue() {
    return value instanceof Boolean is ? is : keywords().isEmpty();
  }

  boolean isFalse() {
    return value instanceof Boolean is && !is;
  }

  /** In order; none for true and false. */
  @SuppressWarnings("unchecked") // as the reader makes it
  Map<String, Object> keywords() {
    return value instanceof Map ? (Map<String, Object>) value : Map.of();
  }

  /** How much stands in it, without what stands in that. */
  long weight() {
    long weight = 1;
    for (Object of : keywords().values()) {
      weight +=
          switch (of) {
            case List<?> list -> 1 + list.size();
            case Map<?, ?> map -> 1 + map.size();
            case null, default -> 1;
          };
    }
    return weight;
  }

  boolean has(String keyword) {
    return keywords().containsKey(keyword);
  }

  /** The schema that is the value of a keyword. */
  Optional<Schema> schema(String keyword) {
    return has(keyword) ? Optional.of(child(keyword)) : Optional.empty();
  }

  private Schema child(String keyword) {
    return inner(pointer(keyword), keywords().get(keyword));
  }

  /** One that is made up inside of this one. */
  Schema inner(String at, Object inner) {
    String here = inner instanceof Map<?, ?> map ? Uris.base(base, map) : base;
    return new Schema(at, here, inner);
  }

  /** The schemas that are the value of a keyword. */
  List<Schema> schemas(String keyword) {
    List<Object> list = list(keyword);
    List<Schema> out = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      out.add(inner(pointer(keyword) + "/" + i, list.get(i)));
    }
    return out;
  }

  /** The names that are in the value of a keyword. */
  Map<String, Object> members(String keyword) {
    Object map = keywords().getOrDefault(keyword, Map.of());
    if (!(map instanceof Map)) {
      throw Refusal.malformed(pointer(keyword), "%s must be an object.".formatted(keyword));
    }
    @SuppressWarnings("unchecked") // as the reader makes it
    Map<String, Object> members = (Map<String, Object>) map;
    return members;
  }

  Schema member(String keyword, String name) {
    return inner(Refusal.step(pointer(keyword), name), members(keyword).get(name));
  }

  List<Object> list(String keyword) {
    Object list = keywords().getOrDefault(keyword, List.of());
    if (!(list instanceof List)) {
      throw Refusal.malformed(pointer(keyword), "%s must be a list.".formatted(keyword));
    }
    @SuppressWarnings("unchecked") // as the reader makes it
    List<Object> objects = (List<Object>) list;
    return objects;
  }

  List<String> texts(String keyword) {
    List<String> out = new ArrayList<>();
    for (Object text : list(keyword)) {
      if (!(text instanceof String string)) {
        throw Refusal.malformed(
            pointer(keyword), "%s must be a list of strings.".formatted(keyword));
      }
      out.add(string);
    }
    return out;
  }

  Optional<String> text(String keyword) {
    if (!has(keyword)) {
      return Optional.empty();
    }
    if (!(keywords().get(keyword) instanceof String text)) {
      throw Refusal.malformed(pointer(keyword), "%s must be a string.".formatted(keyword));
    }
    return Optional.of(text);
  }

  Optional<BigDecimal> number(String keyword) {
    if (!has(keyword)) {
      return Optional.empty();
    }
    if (!(keywords().get(keyword) instanceof Number number)) {
      throw Refusal.malformed(pointer(keyword), "%s must be a number.".formatted(keyword));
    }
    return Optional.of(Kind.decimal(number));
  }

  /** How many, as a keyword that is there says. */
  BigDecimal count(String keyword) {
    BigDecimal number = number(keyword).orElseThrow();
    if (number.signum() < 0 || !Kind.isIntegral(number)) {
      throw Refusal.malformed(
          pointer(keyword), "%s must be an integer of at least 0.".formatted(keyword));
    }
    return number;
  }

  boolean flag(String keyword) {
    Object flag = keywords().getOrDefault(keyword, false);
    if (!(flag instanceof Boolean is)) {
      throw Refusal.malformed(pointer(keyword), "%s must be true or false.".formatted(keyword));
    }
    return is;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Schema schema
        && pointer.equals(schema.pointer)
        && value.equals(schema.value);
  }

  @Override
  public int hashCode() {
    return pointer.hashCode();
  }

  @Override
  public String toString() {
    return pointer;
  }
}
