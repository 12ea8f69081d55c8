package io.solebox.engine.answer.call;

import io.solebox.engine.answer.call.Schema.Kind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A schema in whose inside references lead somewhere. What is asked of it depends on the place
 * alone and not on what was asked before, so that readers and grammars hear the same.
 */
final class SchemaDocument {
  /** Of places that speak of one value; of schemas in which more do, nothing is known. */
  private static final int MAX_PLACES = 100;

  /** Of choices inside of choices. */
  private static final int MAX_CHOICES = 4;

  private final Object root;

  /** Whether references count from the root; not where parts of it are resources of their own. */
  private final boolean whole;

  SchemaDocument(Object root) {
    this.root = root;
    this.whole = isWhole(root);
  }

  private static boolean isWhole(Object root) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Object> open = new ArrayDeque<>(List.of(root == null ? Map.of() : root));
    while (!open.isEmpty()) {
      Object part = open.removeFirst();
      if (!seen.add(part)) {
        continue;
      }
      if (part != root && part instanceof Map<?, ?> map && map.get("$id") instanceof String) {
        return false;
      }
      Collection<?> parts =
          part instanceof Map<?, ?> map
              ? map.values()
              : part instanceof Collection<?> list ? list : List.of();
      parts.stream().filter(Objects::nonNull).forEach(open::addLast);
    }
    return true;
  }

  /** The schemas themselves, and all that they refer to and join. */
  List<Map<?, ?>> all(List<?> schemas) {
    Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    List<Map<?, ?>> all = new ArrayList<>();
    Deque<Object> open = new ArrayDeque<>();
    schemas.stream().filter(Map.class::isInstance).forEach(open::addLast);
    while (!open.isEmpty() && all.size() <= MAX_PLACES) {
      if (open.removeFirst() instanceof Map<?, ?> schema && seen.add(schema)) {
        all.add(schema);
        if (schema.get("$ref") instanceof String reference) {
          target(reference).ifPresent(open::addLast);
        }
        if (schema.get("allOf") instanceof Collection<?> parts) {
          parts.stream().filter(Map.class::isInstance).forEach(open::addLast);
        }
      }
    }
    return all.size() > MAX_PLACES ? List.of() : List.copyOf(all);
  }

  /** What a JSON pointer behind a hash leads to. */
  private Optional<Object> target(String reference) {
    if (!whole || !reference.equals("#") && !reference.startsWith("#/")) {
      return Optional.empty();
    }
    Object at = root;
    for (String escaped : reference.substring(1).split("/", -1)) {
      if (escaped.isEmpty() && at == root) {
        continue; // in front of the first slash
      }
      String step = decoded(escaped).replace("~1", "/").replace("~0", "~");
      at =
          switch (at) {
            case Map<?, ?> map -> map.get(step);
            case List<?> list -> element(list, step);
            case null, default -> null;
          };
    }
    return Optional.ofNullable(at);
  }

  private static Object element(List<?> list, String index) {
    boolean is = index.matches("\\d{1,6}") && Integer.parseInt(index) < list.size();
    return is ? list.get(Integer.parseInt(index)) : null;
  }

  private static String decoded(String step) {
    try {
      return URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return step; // a percent sign that is one
    }
  }

  /** The kinds that all of these allow, if one says any. */
  Optional<Set<Kind>> kinds(List<Map<?, ?>> said) {
    return new Kinds().of(said, MAX_CHOICES);
  }

  /** One question; choices that are met again are not looked at again. */
  private final class Kinds {
    private final List<Map<Object, Optional<Set<Kind>>>> known = new ArrayList<>();

    Kinds() {
      for (int depth = 0; depth <= MAX_CHOICES; depth++) {
        known.add(new IdentityHashMap<>());
      }
    }

    Optional<Set<Kind>> of(List<Map<?, ?>> said, int depth) {
      List<Set<Kind>> stated = new ArrayList<>();
      boolean nullable = false;
      for (Map<?, ?> schema : said) {
        typed(schema).ifPresent(stated::add);
        listed(schema).ifPresent(stated::add);
        for (String key : List.of("anyOf", "oneOf")) {
          if (schema.get(key) instanceof Collection<?> choices && depth > 0) {
            any(choices, depth - 1).ifPresent(stated::add);
          }
        }
        nullable |= Boolean.TRUE.equals(schema.get("nullable"));
      }
      if (stated.isEmpty()) {
        return said.stream().flatMap(schema -> guessed(schema).stream()).findFirst();
      }
      Set<Kind> kinds = EnumSet.copyOf(stated.getFirst());
      stated.forEach(kinds::retainAll);
      if (nullable) {
        kinds.add(Kind.NULL);
      }
      return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds);
    }

    private Optional<Set<Kind>> any(Collection<?> choices, int depth) {
      Set<Kind> kinds = EnumSet.noneOf(Kind.class);
      for (Object choice : choices) {
        Map<Object, Optional<Set<Kind>>> here = known.get(depth);
        Optional<Set<Kind>> one = here.get(choice);
        if (one == null) {
          one = of(all(Collections.singletonList(choice)), depth);
          here.put(choice, one);
        }
        if (one.isEmpty()) {
          return Optional.empty();
        }
        kinds.addAll(one.get());
      }
      return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds);
    }
  }

  private static Optional<Set<Kind>> typed(Map<?, ?> schema) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    switch (schema.get("type")) {
      case String type -> kind(type).ifPresent(kinds::add);
      case Collection<?> types ->
          types.forEach(type -> kind(String.valueOf(type)).ifPresent(kinds::add));
      case null, default -> {}
    }
    return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds);
  }

  private static Optional<Set<Kind>> listed(Map<?, ?> schema) {
    Set<Kind> kinds = EnumSet.noneOf(Kind.class);
    if (schema.get("enum") instanceof Collection<?> values) {
      values.forEach(value -> kinds.add(kindOf(value)));
    } else if (schema.containsKey("const")) {
      kinds.add(kindOf(schema.get("const")));
    }
    return kinds.isEmpty() ? Optional.empty() : Optional.of(kinds);
  }

  /** Of what tells of parts alone. */
  private static Optional<Set<Kind>> guessed(Map<?, ?> schema) {
    if (schema.containsKey("properties")) {
      return Optional.of(EnumSet.of(Kind.OBJECT));
    }
    return schema.containsKey("items") ? Optional.of(EnumSet.of(Kind.ARRAY)) : Optional.empty();
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
}
