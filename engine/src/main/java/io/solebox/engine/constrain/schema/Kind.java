package io.solebox.engine.constrain.schema;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Kinds of JSON values; numbers are two, because integers are a type of their own in a schema. */
enum Kind {
  NULL,
  BOOLEAN,
  INTEGER,
  /** A number that is no integer. */
  FRACTION,
  STRING,
  ARRAY,
  OBJECT;

  static final Set<Kind> ALL = Set.copyOf(Arrays.asList(values()));
  static final Set<Kind> NUMBERS = Set.of(INTEGER, FRACTION);

  /** Those of a type; none if there is no such type. */
  static Set<Kind> ofType(String type) {
    return switch (type) {
      case "null" -> Set.of(NULL);
      case "boolean" -> Set.of(BOOLEAN);
      case "integer" -> Set.of(INTEGER);
      case "number" -> NUMBERS;
      case "string" -> Set.of(STRING);
      case "array" -> Set.of(ARRAY);
      case "object" -> Set.of(OBJECT);
      default -> Set.of();
    };
  }

  /** That of a value as {@code JsonReader} makes it. */
  static Kind of(Object value) {
    return switch (value) {
      case null -> NULL;
      case Boolean _ -> BOOLEAN;
      case Number number -> isIntegral(decimal(number)) ? INTEGER : FRACTION;
      case String _ -> STRING;
      case List<?> _ -> ARRAY;
      case Map<?, ?> _ -> OBJECT;
      default -> throw new IllegalArgumentException("no JSON value: " + value.getClass());
    };
  }

  static boolean isIntegral(BigDecimal value) {
    return value.signum() == 0 || value.stripTrailingZeros().scale() <= 0;
  }

  /** The value that was written, as short as it could have been. */
  static BigDecimal decimal(Number number) {
    return switch (number) {
      case BigDecimal decimal -> decimal;
      case BigInteger integer -> new BigDecimal(integer);
      case Double real -> new BigDecimal(real.toString());
      case Float real -> new BigDecimal(real.toString());
      default -> BigDecimal.valueOf(number.longValue());
    };
  }

  static Set<Kind> common(Set<Kind> a, Set<Kind> b) {
    EnumSet<Kind> both = EnumSet.noneOf(Kind.class);
    both.addAll(a);
    both.retainAll(b);
    return both;
  }

  static Set<Kind> others(Set<Kind> kinds) {
    EnumSet<Kind> others = EnumSet.allOf(Kind.class);
    others.removeAll(kinds);
    return others;
  }
}
