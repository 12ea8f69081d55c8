package io.solebox.server.params;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * What the value of a field can be. It says what is told of a field, to people and to programs; the
 * code that reads the field has the last word about what it takes.
 */
public sealed interface FieldType {
  record Text() implements FieldType {}

  /** One word. */
  record Word(String text) implements FieldType {}

  record Flag() implements FieldType {}

  /**
   * @param whole whether it has no fraction
   */
  record Numeric(boolean whole, OptionalDouble least, OptionalDouble most) implements FieldType {}

  /**
   * An object.
   *
   * @param place whose rows say what its members are; empty where they can be anything
   */
  record Members(Optional<String> place) implements FieldType {}

  /**
   * An array.
   *
   * @param least so many elements
   */
  record Items(FieldType each, OptionalInt least, OptionalInt most) implements FieldType {}

  record Any() implements FieldType {}

  record OneOf(List<FieldType> types) implements FieldType {}
}
