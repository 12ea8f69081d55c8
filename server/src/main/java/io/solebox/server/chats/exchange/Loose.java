package io.solebox.server.chats.exchange;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Members of what other programs have written, where they are what they should be. */
final class Loose {
  private static final double SECONDS = 1000;

  private Loose() {}

  static Optional<String> text(Map<String, Object> from, String name) {
    return from.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  static boolean flag(Map<String, Object> from, String name) {
    return Boolean.TRUE.equals(from.get(name));
  }

  /** A time in seconds since 1970, with a fraction or not, in milliseconds. */
  static OptionalLong seconds(Map<String, Object> from, String name) {
    return from.get(name) instanceof Number number
        ? OptionalLong.of((long) (number.doubleValue() * SECONDS))
        : OptionalLong.empty();
  }

  static OptionalLong number(Map<String, Object> from, String name) {
    return from.get(name) instanceof Number number
        ? OptionalLong.of(number.longValue())
        : OptionalLong.empty();
  }

  /** An object; an empty one where there is none. */
  static Map<String, Object> object(Map<String, Object> from, String name) {
    return object(from.get(name));
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  static Map<String, Object> object(Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  /** An array; an empty one where there is none. */
  static List<?> list(Map<String, Object> from, String name) {
    return from.get(name) instanceof List<?> list ? list : List.of();
  }

  static List<String> texts(Map<String, Object> from, String name) {
    return list(from, name).stream()
        .filter(String.class::isInstance)
        .map(String.class::cast)
        .toList();
  }
}
