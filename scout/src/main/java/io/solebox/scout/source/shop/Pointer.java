package io.solebox.scout.source.shop;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where in a value of JSON something is: RFC 6901.
 *
 * @param text as it is written: {@code /data/items}, or empty for all of it
 */
public record Pointer(String text) {
  /** Empty for what is none. */
  public static Optional<Pointer> of(String text) {
    boolean sound = text.isEmpty() || text.startsWith("/");
    return sound && !text.replaceAll("~[01]", "").contains("~")
        ? Optional.of(new Pointer(text))
        : Optional.empty();
  }

  /** What is there in a value of maps and lists; empty for nothing, and for null. */
  Optional<Object> in(Object value) {
    Optional<Object> at = Optional.ofNullable(value);
    if (text.isEmpty()) {
      return at;
    }
    for (String step : text.substring(1).split("/", -1)) {
      String name = step.replace("~1", "/").replace("~0", "~");
      at = at.flatMap(it -> step(it, name));
    }
    return at;
  }

  private static Optional<Object> step(Object value, String name) {
    return switch (value) {
      case Map<?, ?> map -> Optional.ofNullable(map.get(name));
      case List<?> list when name.matches("0|[1-9]\\d{0,5}") ->
          Integer.parseInt(name) < list.size()
              ? Optional.ofNullable(list.get(Integer.parseInt(name)))
              : Optional.empty();
      default -> Optional.empty();
    };
  }

  /** The text or number that is there. */
  Optional<String> scalar(Object value) {
    return in(value)
        .filter(it -> it instanceof String || it instanceof Number || it instanceof Boolean)
        .map(Object::toString)
        .map(String::strip)
        .filter(it -> !it.isEmpty());
  }
}
