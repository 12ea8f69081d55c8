package io.solebox.engine.constrain.schema;

import io.solebox.engine.error.SoleboxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A schema with all that is in it, and what references in it refer to. */
final class Document {
  /** Values of these hold no schemas. */
  private static final Set<String> DATA = Set.of("enum", "const", "default", "examples", "example");

  private static final int MAX_SCALE = 1_000;

  private final Object value;
  private final Schema root;

  /** Of resources with an id of their own, and of anchors. */
  private final Map<String, Schema> named = new HashMap<>();

  Document(Object value) {
    this.value = value;
    this.root = new Schema("#", value instanceof Map<?, ?> map ? Uris.base("", map) : "", value);
    collect("#", "", value);
    checkNumbers("#", value);
  }

  /** Numbers with large exponents are refused before anybody writes their digits. */
  private static void checkNumbers(String pointer, Object at) {
    if (at instanceof List<?> list) {
      list.forEach(inner -> checkNumbers(pointer, inner));
    } else if (at instanceof Map<?, ?> map) {
      map.forEach((name, inner) -> checkNumbers(Refusal.step(pointer, (String) name), inner));
    } else if (at instanceof Number number
        && Math.abs((long) Kind.decimal(number).scale()) > MAX_SCALE) {
      throw Refusal.tooMuch(pointer, "A number has too many digits.");
    }
  }

  Schema root() {
    return root;
  }

  private void collect(String pointer, String outer, Object at) {
    if (at instanceof List<?> list) {
      for (int i = 0; i < list.size(); i++) {
        collect(pointer + "/" + i, outer, list.get(i));
      }
    } else if (at instanceof Map<?, ?> map) {
      String base = Uris.base(outer, map);
      if (!base.equals(outer) || pointer.equals("#")) {
        named.putIfAbsent(base, new Schema(pointer, base, map));
      }
      for (String anchor : List.of("$anchor", "$dynamicAnchor")) {
        if (map.get(anchor) instanceof String name) {
          named.putIfAbsent(base + "#" + name, new Schema(pointer, base, map));
        }
      }
      if (map.get("$id") instanceof String id && id.startsWith("#")) { // draft 7 names places so
        named.putIfAbsent(base + id, new Schema(pointer, base, map));
      }
      map.forEach(
          (name, inner) -> {
            if (!DATA.contains(name)) {
              collect(Refusal.step(pointer, (String) name), base, inner);
            }
          });
    }
  }

  /**
   * @throws SoleboxException if there is no such place
   */
  Schema resolve(Schema from, String keyword) {
    String reference = from.text(keyword).orElseThrow();
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
