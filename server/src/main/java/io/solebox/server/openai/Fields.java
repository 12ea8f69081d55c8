package io.solebox.server.openai;

import io.solebox.server.error.ApiError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The members of a JSON object, by type. Null counts as absent. A wrong type or range is a 400 that
 * names the parameter.
 *
 * @param path what stands before a member's name in messages, as in {@code messages[0].}
 */
record Fields(Map<String, Object> object, String path) {
  boolean has(String name) {
    return object.get(name) != null;
  }

  /** The full name of a member, as messages give it. */
  String param(String name) {
    return path + name;
  }

  Optional<String> string(String name) {
    return switch (object.get(name)) {
      case null -> Optional.empty();
      case String text -> Optional.of(text);
      case Object other -> throw ApiError.invalidType(param(name), "a string", other);
    };
  }

  boolean flag(String name) {
    return switch (object.get(name)) {
      case null -> false;
      case Boolean flag -> flag;
      case Object other -> throw ApiError.invalidType(param(name), "a boolean", other);
    };
  }

  OptionalDouble number(String name) {
    return switch (object.get(name)) {
      case null -> OptionalDouble.empty();
      case Number number -> OptionalDouble.of(number.doubleValue());
      case Object other -> throw ApiError.invalidType(param(name), "a number", other);
    };
  }

  OptionalLong wholeNumber(String name) {
    return object.get(name) == null
        ? OptionalLong.empty()
        : OptionalLong.of(wholeNumber(object.get(name), param(name)));
  }

  /** A value that counts something; larger than an int is out of every range. */
  OptionalInt count(String name, int min) {
    if (!has(name)) {
      return OptionalInt.empty();
    }
    return OptionalInt.of(inRange(object.get(name), param(name), min, Integer.MAX_VALUE));
  }

  static int inRange(Object value, String param, int min, int max) {
    long number = wholeNumber(value, param);
    if (number < min || number > max) {
      String range = max == Integer.MAX_VALUE ? "at least " + min : min + " to " + max;
      throw ApiError.invalidValue(
          param, "'%s' is %d, but must be %s.".formatted(param, number, range));
    }
    return (int) number;
  }

  private static long wholeNumber(Object value, String param) {
    return switch (value) {
      case Long number -> number;
      case Double number when number == Math.rint(number) && Math.abs(number) < 0x1p53 ->
          number.longValue();
      case null -> throw ApiError.invalidType(param, "an integer", null);
      case Object other -> throw ApiError.invalidType(param, "an integer", other);
    };
  }

  Optional<Fields> object(String name) {
    return has(name) ? Optional.of(of(object.get(name), param(name))) : Optional.empty();
  }

  /** A value that must be an object. */
  static Fields of(Object value, String param) {
    if (value instanceof Map<?, ?> map) {
      @SuppressWarnings("unchecked") // the reader makes no other maps
      Map<String, Object> members = (Map<String, Object>) map;
      return new Fields(members, param + ".");
    }
    throw ApiError.invalidType(param, "an object", value);
  }

  Optional<List<Object>> array(String name) {
    return switch (object.get(name)) {
      case null -> Optional.empty();
      case List<?> list -> Optional.of(new ArrayList<>(list));
      case Object other -> throw ApiError.invalidType(param(name), "an array", other);
    };
  }

  /** Whether the member is null, false, zero, or an empty list, object or string. */
  boolean isTrivial(String name) {
    return switch (object.get(name)) {
      case null -> true;
      case Boolean flag -> !flag;
      case Number number -> number.doubleValue() == 0;
      case String text -> text.isEmpty();
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      case Object other -> throw new IllegalStateException(other.getClass().getName());
    };
  }

  /** Refuses every member that is not among {@code known}, even if null. */
  void refuseOthers(Set<String> known) {
    for (String name : object.keySet()) {
      if (!known.contains(name)) {
        throw ApiError.unknownParameter(param(name));
      }
    }
  }
}
