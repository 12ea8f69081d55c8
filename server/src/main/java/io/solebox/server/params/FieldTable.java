package io.solebox.server.params;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All fields that are known: those that are read and what they can be, other names for them, fields
 * without effect, and fields that are refused with a reason. What stands in no row is a mistake of
 * whoever sent it.
 *
 * <p>The text has a row a line, {@code place | name | what | words}, and {@code #} for comments. A
 * place is where the field stands, as in {@code chat}, {@code message}; several are separated by
 * commas. What is the type of a field that is read ({@link FieldTypeReader} has its language),
 * {@code = other} for another name, {@code no effect}, {@code refused}, or {@code refused unless}
 * with the values that ask for nothing. The name {@code *} is any that no other row has.
 */
public final class FieldTable {
  private static final String ANY = "*";
  private static final String UNLESS = "refused unless ";

  /** What becomes of a field. */
  public sealed interface Rule {}

  /**
   * It is read.
   *
   * @param absent what it is where it is not given, as JSON writes it
   */
  public record Read(FieldType type, boolean required, Optional<String> absent) implements Rule {}

  /** It is another name for this one. */
  public record Alias(String name) implements Rule {}

  /** It says nothing about the answer. */
  public record NoEffect() implements Rule {}

  /**
   * It asks for what is not there, unless it has one of these values, as JSON writes them.
   *
   * @param why a sentence
   */
  public record Refused(Set<String> neutral, String why) implements Rule {}

  /**
   * A line of the text.
   *
   * @param words for people
   */
  public record Row(String place, String name, String what, String words) {
    public Rule rule() {
      return FieldTable.rule(what, words);
    }
  }

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, Map<String, Rule>> places = new LinkedHashMap<>();

  private FieldTable() {}

  /**
   * @param text closed by this
   */
  public static FieldTable read(InputStream text) {
    FieldTable table = new FieldTable();
    try (var reader = new BufferedReader(new InputStreamReader(text, StandardCharsets.UTF_8))) {
      reader.lines().filter(line -> !line.isBlank() && !line.startsWith("#")).forEach(table::add);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return table;
  }

  private void add(String line) {
    String[] cells = line.split("\\|", -1);
    if (cells.length != 4) {
      throw new IllegalArgumentException("not a row of four cells: " + line);
    }
    String name = cells[1].strip();
    String what = cells[2].strip();
    String words = cells[3].strip();
    for (String place : cells[0].split(",")) {
      rows.add(new Row(place.strip(), name, what, words));
      Map<String, Rule> rules = places.computeIfAbsent(place.strip(), _ -> new LinkedHashMap<>());
      if (rules.put(name, rule(what, words)) != null) {
        throw new IllegalArgumentException("two rows for one field: " + line);
      }
    }
  }

  private static Rule rule(String what, String words) {
    if (what.startsWith("= ")) {
      return new Alias(what.substring(2));
    }
    if (what.startsWith(UNLESS)) {
      return new Refused(Set.of(what.substring(UNLESS.length()).split(" ")), words);
    }
    return switch (what) {
      case "no effect" -> new NoEffect();
      case "refused" -> new Refused(Set.of(), words);
      default -> FieldTypeReader.read(what);
    };
  }

  /** All rows, in the order of the text. */
  public List<Row> rows() {
    return List.copyOf(rows);
  }

  /** What becomes of each field of a place, by name; one of these can be {@code *}. */
  public Map<String, Rule> place(String place) {
    return places.getOrDefault(place, Map.of());
  }

  /** Whether fields that nobody knows are passed over there. */
  public boolean takesAny(String place) {
    return place(place).containsKey(ANY);
  }

  /**
   * The names that have no effect there: nothing need be made of their values.
   *
   * @param path of the place in a request, as in {@code messages[].}
   */
  public List<String> withoutEffect(String place, String path) {
    return place(place).entrySet().stream()
        .filter(entry -> entry.getValue() instanceof NoEffect && !entry.getKey().equals(ANY))
        .map(entry -> path + entry.getKey())
        .toList();
  }
}
