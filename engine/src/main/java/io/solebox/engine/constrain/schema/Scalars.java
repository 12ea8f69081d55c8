package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.schema.Alternative.Denied;
import io.solebox.engine.constrain.schema.Alternative.Listed;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Scalars that {@code enum} and {@code const} name.
 *
 * @param allowed the only ones; empty if any is allowed
 * @param denied those that must not be
 */
record Scalars(Optional<List<Object>> allowed, List<Object> denied) {
  static Scalars of(Alternative alternative) {
    Optional<Map<Object, Object>> allowed = Optional.empty();
    for (Listed listed : alternative.listed()) {
      Map<Object, Object> values = byKey(values(listed.schema(), listed.keyword()));
      allowed.ifPresent(before -> values.keySet().retainAll(before.keySet()));
      allowed = Optional.of(values);
    }
    List<Object> denied = new ArrayList<>();
    for (Denied atom : alternative.denied()) {
      if (atom.keyword().equals("enum") || atom.keyword().equals("const")) {
        denied.addAll(denied(atom, alternative));
      }
    }
    Map<Object, Object> without = byKey(denied);
    return new Scalars(
        allowed.map(
            values ->
                values.entrySet().stream()
                    .filter(entry -> !without.containsKey(entry.getKey()))
                    .map(Map.Entry::getValue)
                    .collect(Collectors.toCollection(ArrayList::new))),
        denied);
  }

  private static List<Object> denied(Denied atom, Alternative alternative) {
    List<Object> scalars = new ArrayList<>();
    for (Object value : values(atom.schema(), atom.keyword())) {
      Kind kind = Kind.of(value);
      if (kind != Kind.ARRAY && kind != Kind.OBJECT) {
        scalars.add(value);
      } else if (alternative.kinds().contains(kind)) {
        throw Refusal.unsupported(
            atom.schema().pointer(atom.keyword()),
            "That a value is not this list or object cannot be held.");
      }
    }
    return scalars;
  }

  private static List<Object> values(Schema schema, String keyword) {
    if (keyword.equals("enum")) {
      return schema.list(keyword);
    }
    List<Object> one = new ArrayList<>();
    one.add(schema.keywords().get(keyword)); // perhaps null
    return one;
  }

  private static Map<Object, Object> byKey(List<Object> values) {
    Map<Object, Object> map = new LinkedHashMap<>();
    for (Object value : values) {
      Kind kind = Kind.of(value);
      if (kind != Kind.ARRAY && kind != Kind.OBJECT) {
        map.putIfAbsent(key(value), value);
      }
    }
    return map;
  }

  /** Equal for 1 and 1.0. */
  static Object key(Object value) {
    if (value instanceof Number number) {
      BigDecimal decimal = Kind.decimal(number);
      return decimal.signum() == 0 ? BigDecimal.ZERO : decimal.stripTrailingZeros();
    }
    return value == null ? Optional.empty() : value;
  }

  boolean allows(Object value) {
    boolean named =
        allowed.isEmpty() || allowed.get().stream().anyMatch(one -> Literals.same(one, value));
    return named && denied.stream().noneMatch(one -> Literals.same(one, value));
  }

  Optional<List<String>> texts() {
    return allowed.map(
        values ->
            values.stream().filter(String.class::isInstance).map(String.class::cast).toList());
  }

  Optional<List<Number>> numbers() {
    return allowed.map(
        values ->
            values.stream().filter(Number.class::isInstance).map(Number.class::cast).toList());
  }

  Stream<String> deniedTexts() {
    return denied.stream().filter(String.class::isInstance).map(String.class::cast);
  }

  Stream<BigDecimal> deniedNumbers() {
    return denied.stream().filter(Number.class::isInstance).map(n -> Kind.decimal((Number) n));
  }
}
