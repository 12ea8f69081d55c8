package io.solebox.server.params;

import io.solebox.server.params.FieldTable.Alias;
import io.solebox.server.params.FieldTable.NoEffect;
import io.solebox.server.params.FieldTable.Read;
import io.solebox.server.params.FieldTable.Refused;
import io.solebox.server.params.FieldTable.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * The members of a JSON object, by type. Null counts as absent. A wrong type or range is a 400 that
 * names the parameter. What is read has a row in the table, which tells others of it, and is
 * remembered, so that {@link #settle} can refuse the rest.
 */
public final class Fields {
  private final FieldTable table;
  private final String place;
  private final String path;
  private final Map<String, Object> object;
  private final Map<String, String> givenAs = new HashMap<>();
  private final Set<String> read = new HashSet<>();

  /**
   * @param place in the table
   * @param path what stands before a member's name in messages, as in {@code messages[0].}
   */
  public Fields(FieldTable table, String place, String path, Map<String, Object> object) {
    this.table = table;
    this.place = place;
    this.path = path;
    this.object = new LinkedHashMap<>(object);
    for (var entry : table.place(place).entrySet()) {
      if (entry.getValue() instanceof Alias(String name) && object.containsKey(entry.getKey())) {
        take(entry.getKey(), name);
      }
    }
  }

  /** Moves a value to the name under which it is read. */
  private void take(String alias, String name) {
    Object value = object.remove(alias);
    if (value == null) {
      return;
    }
    Object other = object.get(name);
    if (other != null && !Objects.equals(value, other)) {
      throw Params.invalidValue(
          param(name), "'%s' and '%s' say different things.".formatted(param(name), path + alias));
    }
    object.put(name, value);
    if (other == null) {
      givenAs.put(name, alias);
    }
  }

  /** Whether the member is there and not null. */
  public boolean has(String name) {
    return raw(name).isPresent();
  }

  /** Whether the member is there, be it null. */
  public boolean isGiven(String name) {
    note(name);
    return object.containsKey(name);
  }

  private void note(String name) {
    assert table.place(place).get(name) instanceof Read
        : "'%s' is read at '%s', but no row of the table says what it can be"
            .formatted(name, place);
    read.add(name);
  }

  /** The member as JSON has it. */
  public Optional<Object> raw(String name) {
    note(name);
    return Optional.ofNullable(object.get(name));
  }

  /** The full name of a member as the caller gave it. */
  public String param(String name) {
    return path + givenAs.getOrDefault(name, name);
  }

  /**
   * A text that must be there, and must not be blank.
   *
   * @throws Problem 400
   */
  public String required(String name) {
    return string(name)
        .filter(text -> !text.isBlank())
        .orElseThrow(() -> Params.missing(param(name)));
  }

  public Optional<String> string(String name) {
    return raw(name)
        .map(
            value ->
                switch (value) {
                  case String text -> text;
                  case Object other -> throw Params.invalidType(param(name), "a string", other);
                });
  }

  public boolean flag(String name) {
    return flag(name, false);
  }

  /**
   * @param absent what it is where it is not given
   */
  public boolean flag(String name, boolean absent) {
    return raw(name)
        .map(
            value ->
                switch (value) {
                  case Boolean flag -> flag;
                  case Object other -> throw Params.invalidType(param(name), "a boolean", other);
                })
        .orElse(absent);
  }

  public OptionalDouble number(String name) {
    Optional<Object> value = raw(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get() instanceof Number number) {
      return OptionalDouble.of(number.doubleValue());
    }
    throw Params.invalidType(param(name), "a number", value.get());
  }

  /** A whole number of any size. */
  public Optional<Whole> whole(String name) {
    return raw(name).map(value -> Whole.of(value, param(name)));
  }

  /** A value that must be an object, with the rows of its own place. */
  public Optional<Fields> object(String name, String itsPlace) {
    return raw(name).map(value -> of(table, itsPlace, value, param(name)));
  }

  /** A value that must be an object. */
  public static Fields of(FieldTable table, String place, Object value, String param) {
    return new Fields(table, place, param + ".", members(value, param));
  }

  /** The members of a value that must be an object. */
  @SuppressWarnings("unchecked") // the reader makes no other maps
  public static Map<String, Object> members(Object value, String param) {
    if (value instanceof Map<?, ?> map) {
      return (Map<String, Object>) map;
    }
    throw Params.invalidType(param, "an object", value);
  }

  /** An array; its elements can be null. */
  public Optional<List<Object>> array(String name) {
    return raw(name)
        .map(
            value ->
                switch (value) {
                  case List<?> list -> new ArrayList<>(list);
                  case Object other -> throw Params.invalidType(param(name), "an array", other);
                });
  }

  /** What other requests say here says nothing in this one, and is passed over. */
  public void readAll() {
    table
        .place(place)
        .forEach(
            (name, rule) -> {
              if (rule instanceof Read) {
                read.add(name);
              }
            });
  }

  /**
   * Passes over or refuses what was not read, as the table says. To be called when everything was.
   *
   * @param strict whether what has no effect is refused too
   */
  public void settle(boolean strict) {
    for (String name : object.keySet()) {
      if (!read.contains(name)) {
        settle(name, strict);
      }
    }
  }

  private void settle(String name, boolean strict) {
    Rule rule = table.place(place).get(name);
    if (rule != null && object.get(name) == null) {
      return; // it is known, and as good as absent
    }
    switch (rule) {
      case null -> refuseUnknown(name, strict);
      case Read _ -> refuseUnknown(name, strict); // it is read beside other fields only
      case Alias _ -> throw new IllegalStateException("taken before: " + name);
      case NoEffect _ -> {
        if (strict) {
          throw Params.unsupported(path + name, "It has no effect, and 'strict' was asked for.");
        }
      }
      case Refused(Set<String> neutral, String why) -> {
        if (!asksForNothing(object.get(name), neutral)) {
          throw Params.unsupported(path + name, why);
        }
      }
    }
  }

  private void refuseUnknown(String name, boolean strict) {
    if (strict || !table.takesAny(place)) {
      throw Params.unknown(path + name, meant(name));
    }
  }

  /**
   * Whether a value is false, zero, empty, or one of {@code neutral}, which have the last word
   * about true and false.
   */
  private static boolean asksForNothing(Object value, Set<String> neutral) {
    if (!neutral.isEmpty() && value instanceof Boolean flag) {
      return neutral.contains(flag.toString()); // where true asks for nothing, false does not
    }
    boolean nothing =
        switch (value) {
          case Boolean flag -> !flag;
          case Number number -> number.doubleValue() == 0;
          case String text -> text.isEmpty();
          case List<?> list -> list.isEmpty();
          case Map<?, ?> map -> map.isEmpty();
          case Object other -> throw new IllegalStateException(other.getClass().getName());
        };
    return nothing
        || neutral.contains(String.valueOf(value))
        || (value instanceof Number number && neutral.contains(plain(number.doubleValue())));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? String.valueOf((long) number) : String.valueOf(number);
  }

  private String meant(String name) {
    Set<String> known = new HashSet<>(table.place(place).keySet());
    known.remove(name); // where it is known beside other fields only
    return Spelling.nearest(name, known).map(near -> "Did you mean '" + near + "'?").orElse("");
  }
}
