package io.solebox.server.params;

import io.solebox.server.params.FieldTable.Read;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Reads how a {@link FieldTable} writes the type of a field, as in {@code number 0..2 default 1},
 * {@code string or [string] 1..16}, {@code required [{message}] 1..}, {@code "auto" or "none"}.
 * Braces hold the place whose rows an object has; ranges are of numbers, or of how many elements an
 * array has.
 */
final class FieldTypeReader {
  private static final Pattern WORD =
      Pattern.compile("\"[^\"]*\"|\\{\\w+}|[\\[\\]]|[^\\s\\[\\]{}\"]+");
  private static final Pattern RANGE = Pattern.compile("(-?[\\d.]*?)\\.\\.(-?[\\d.]*)");
  private static final String DEFAULT = " default ";

  private final String text;
  private final List<String> words;
  private int at;

  private FieldTypeReader(String text, String type) {
    this.text = text;
    this.words = WORD.matcher(type).results().map(MatchResult::group).toList();
  }

  /**
   * @throws IllegalArgumentException if it is written otherwise
   */
  static Read read(String text) {
    int end = text.indexOf(DEFAULT);
    FieldTypeReader reader = new FieldTypeReader(text, end < 0 ? text : text.substring(0, end));
    boolean required = reader.take("required");
    FieldType type = reader.types();
    if (reader.at < reader.words.size()) {
      throw reader.wrong();
    }
    Optional<String> absent =
        end < 0 ? Optional.empty() : Optional.of(text.substring(end + DEFAULT.length()));
    return new Read(type, required, absent);
  }

  private IllegalArgumentException wrong() {
    return new IllegalArgumentException("no rule and no type: " + text);
  }

  private boolean take(String word) {
    boolean there = at < words.size() && words.get(at).equals(word);
    at += there ? 1 : 0;
    return there;
  }

  private FieldType types() {
    List<FieldType> types = new ArrayList<>();
    do {
      types.add(type());
    } while (take("or"));
    return types.size() == 1 ? types.getFirst() : new FieldType.OneOf(List.copyOf(types));
  }

  private FieldType type() {
    if (at == words.size()) {
      throw wrong();
    }
    String word = words.get(at++);
    return switch (word) {
      case "string" -> new FieldType.Text();
      case "boolean" -> new FieldType.Flag();
      case "integer" -> numeric(true);
      case "number" -> numeric(false);
      case "object" -> new FieldType.Members(Optional.empty());
      case "any" -> new FieldType.Any();
      case "[" -> items();
      default -> named(word);
    };
  }

  private FieldType named(String word) {
    String inside = word.length() < 2 ? "" : word.substring(1, word.length() - 1);
    return switch (word.charAt(0)) {
      case '{' -> new FieldType.Members(Optional.of(inside));
      case '"' -> new FieldType.Word(inside);
      default -> throw wrong();
    };
  }

  private FieldType items() {
    FieldType each = types();
    if (!take("]")) {
      throw wrong();
    }
    Optional<MatchResult> range = range();
    return new FieldType.Items(each, count(range, 1), count(range, 2));
  }

  private FieldType numeric(boolean whole) {
    Optional<MatchResult> range = range();
    return new FieldType.Numeric(whole, bound(range, 1), bound(range, 2));
  }

  private Optional<MatchResult> range() {
    if (at == words.size()) {
      return Optional.empty();
    }
    var range = RANGE.matcher(words.get(at));
    if (!range.matches()) {
      return Optional.empty();
    }
    at++;
    return Optional.of(range.toMatchResult());
  }

  private static OptionalDouble bound(Optional<MatchResult> range, int group) {
    return range
        .map(found -> found.group(group))
        .filter(number -> !number.isEmpty())
        .map(number -> OptionalDouble.of(Double.parseDouble(number)))
        .orElse(OptionalDouble.empty());
  }

  private static OptionalInt count(Optional<MatchResult> range, int group) {
    OptionalDouble bound = bound(range, group);
    return bound.isPresent() ? OptionalInt.of((int) bound.getAsDouble()) : OptionalInt.empty();
  }
}
