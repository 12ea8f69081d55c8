package io.solebox.engine.constrain.schema;

import io.solebox.engine.constrain.pattern.Budget;
import io.solebox.engine.error.SoleboxException;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A schema with all that is in it, and what references in it refer to. */
final class Document {
  /** Values of these hold no schemas. */
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples", "example");

  private static final int RESOLVING_WEIGHT = 64;
  private static final int MAX_DIGITS = 1_000;
  private static final int BITS_OF_DIGIT = 4;

  private final Object value;
  private final Schema root;

  /** Of resources with an id of their own, and of anchors. */
  private final Map<String, Schema> named = new HashMap<>();

  private final Budget budget;

  /** Steps from the root to where one looks. */
  private final Deque<String> path = new ArrayDeque<>();

  Document(Object value, Budget budget) {
    this.value = value;
    this.budget = budget;
    this.root = new Schema("#", value instanceof Map<?, ?> map ? Uris.base("", map) : "", value);
    checkNumbers(value);
    collect("", value);
  }

  /** Numbers of many digits are refused before anybody writes or compares these. */
  private void checkNumbers(Object at) {
    walk(at, _ -> true, this::checkNumbers);
    if (at instanceof Number number) {
      BigDecimal decimal = Kind.decimal(number);
      if (Math.abs((long) decimal.scale()) > MAX_DIGITS
          || decimal.unscaledValue().bitLength() > MAX_DIGITS * BITS_OF_DIGIT) {
        throw Refusal.tooMuch(pointer(), "A number has more than %d digits.".formatted(MAX_DIGITS));
      }
    }
  }

  /** Goes one step further, to each value that is inside of this one. */
  private void walk(Object at, Predicate<String> wanted, Consumer<Object> visitor) {
    budget.spend(1);
    if (at instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        path.addLast(String.valueOf(i));
        visitor.accept(list.get(i));
        path.removeLast();
      }
    } else if (at instanceof Map<?, ?> map) {
      map.forEach(
          (name, inner) -> {
            if (wanted.test((String) name)) {
              path.addLast((String) name);
              visitor.accept(inner);
              path.removeLast();
            }
          });
    }
  }

  /** Written only where it is asked for: names may be long, and there may be many values. */
  private String pointer() {
    String pointer = "#";
    for (String step : path) {
      pointer = Refusal.step(pointer, step);
    }
    budget.spend(pointer.length());
    return pointer;
  }

  Schema root() {
    return root;
  }

  private void collect(String outer, Object at) {
    String base = at instanceof Map<?, ?> map ? Uris.base(outer, map) : outer;
    if (at instanceof Map<?, ?> map) {
      if (!base.equals(outer) || path.isEmpty()) {
        name(base, base, map);
      }
      for (String anchor : List.of("$anchor", "$dynamicAnchor")) {
        if (map.get(anchor) instanceof String name) {
          name(base + "#" + name, base, map);
        }
      }
      if (map.get("$id") instanceof String id && id.startsWith("#")) { // draft 7 names places so
        name(base + id, base, map);
      }
    }
    walk(at, name -> !DATA.contains(name), inner -> collect(base, inner));
  }

  private void name(String uri, String base, Map<?, ?> schema) {
    budget.spend(uri.length());
    named.putIfAbsent(uri, new Schema(pointer(), base, schema));
  }

  /**
   * @throws SoleboxException if there is no such place
   */
  Schema resolve(Schema from, String keyword) {
    String reference = from.text(keyword).orElseThrow();
    budget.spend(RESOLVING_WEIGHT + from.base().length() + reference.length());
    String uri = Uris.resolve(from.base(), reference);
    String fragment = Uris.fragment(uri);
    String resource = Uris.withoutFragment(uri);
    if (fragment.isEmpty() || fragment.startsWith("/")) {
      Schema start = named.get(resource);
      if (start == null && resource.isEmpty()) {
        start = root;
      }
      if (start != null) {
        return follow(start, fragment, from.pointer(keyword), reference);
      }
    } else if (named.containsKey(resource + "#" + fragment)) {
      return named.get(resource + "#" + fragment);
    }
    throw Refusal.of(
        from.pointer(keyword),
        "%s refers to %s, which is not in this schema.".formatted(keyword, reference),
        "Put what it refers to into $defs; nothing is fetched.");
  }

  private Schema follow(Schema start, String fragment, String place, String reference) {
    Object at = start.pointer().equals("#") ? value : start.keywords();
    String pointer = start.pointer();
    String base = start.base();
    for (String escaped :
        fragment.isEmpty() ? List.<String>of() : List.of(fragment.substring(1).split("/", -1))) {
      String step = escaped.replace("~1", "/").replace("~0", "~");
      Object next = null;
      if (at instanceof Map<?, ?> map) {
        next = map.get(step);
      } else if (at instanceof List<?> list && step.matches("\\d{1,6}")) {
        int index = Integer.parseInt(step);
        next = index < list.size() ? list.get(index) : null;
      }
      if (next == null) {
        throw Refusal.malformed(
            place, "$ref refers to %s, and there is no %s.".formatted(reference, step));
      }
      at = next;
      pointer = Refusal.step(pointer, step);
      base = at instanceof Map<?, ?> map ? Uris.base(base, map) : base;
    }
    return new Schema(pointer, base, at);
  }
}
