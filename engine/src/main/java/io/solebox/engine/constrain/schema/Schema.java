package io.solebox.engine.constrain.schema;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One schema inside of a document: an object of keywords, or true or false. Equal to another where
 * both lie at the same place. Immutable.
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

  /** How many; what is more than an int holds is no bound. */
  Optional<Integer> count(String keyword) {
    Optional<BigDecimal> number = number(keyword);
    if (number.isPresent() && (number.get().signum() < 0 || !Kind.isIntegral(number.get()))) {
      throw Refusal.malformed(
          pointer(keyword), "%s must be an integer of at least 0.".formatted(keyword));
    }
    return number.map(value -> value.min(BigDecimal.valueOf(Integer.MAX_VALUE)).intValue());
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
    return other instanceof Schema schema && pointer.equals(schema.pointer);
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
