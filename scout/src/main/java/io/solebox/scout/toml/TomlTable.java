package io.solebox.scout.toml;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * One table of a text. What is not as it should be becomes a mistake, and counts as not there, so
 * that the rest can be looked at.
 */
public final class TomlTable {
  private final ObjectNode node;
  private final List<String> path;
  private final Places places;
  private final List<Mistake> mistakes;
  private final Set<String> asked = new LinkedHashSet<>();

  TomlTable(ObjectNode node, List<String> path, Places places, List<Mistake> mistakes) {
    this.node = node;
    this.path = path;
    this.places = places;
    this.mistakes = mistakes;
  }

  /** Whether somebody has written this name. */
  public boolean has(String name) {
    asked.add(name);
    return node.has(name);
  }

  /** The names that are there, whoever asks for them. */
  public List<String> names() {
    return List.copyOf(node.propertyNames());
  }

  /** A text, or a number as it is written. */
  public Optional<String> text(String name) {
    return Optional.ofNullable(node(name))
        .flatMap(value -> scalar(value, name, List.of("." + name)));
  }

  /** A text that must be there. */
  public String required(String name) {
    Optional<String> text = text(name).map(String::strip).filter(value -> !value.isEmpty());
    if (text.isEmpty() && (!node.has(name) || node.get(name).isString())) {
      wrong(node.has(name) ? name : "", "'" + name + "' is missing");
    }
    return text.orElse("");
  }

  /** Texts: a list of them, or one alone. */
  public List<String> texts(String name) {
    return each(name, Optional::of, "");
  }

  /**
   * A text that stands for something.
   *
   * @param reader empty for what is none
   * @param wanted what it must be, as in {@code a time of the day, as in 22:00}
   */
  public <T> Optional<T> value(String name, Function<String, Optional<T>> reader, String wanted) {
    return text(name)
        .flatMap(
            text -> {
              Optional<T> value = reader.apply(text.strip());
              if (value.isEmpty()) {
                wrong(name, "'%s' must be %s, and is '%s'".formatted(name, wanted, text));
              }
              return value;
            });
  }

  /** As {@link #value}, of each of a list, or of one alone. */
  public <T> List<T> each(String name, Function<String, Optional<T>> reader, String wanted) {
    return elements(
        name, reader, text -> "'%s' must be %s, and has '%s'".formatted(name, wanted, text));
  }

  private <T> List<T> elements(
      String name, Function<String, Optional<T>> reader, Function<String, String> complaint) {
    JsonNode value = node(name);
    if (value == null) {
      return List.of();
    }
    var found = new ArrayList<T>();
    for (int i = 0; i < (value.isArray() ? value.size() : 1); i++) {
      JsonNode one = value.isArray() ? value.get(i) : value;
      List<String> steps =
          value.isArray() ? List.of("." + name, "[" + i + "]") : List.of("." + name);
      Optional<String> text = scalar(one, name, steps).map(String::strip);
      Optional<T> element = text.flatMap(reader);
      element.ifPresent(found::add);
      if (text.isPresent() && element.isEmpty()) {
        mistake(steps, complaint.apply(text.get()));
      }
    }
    return found;
  }

  /**
   * One of several words.
   *
   * @param words of them all
   */
  public <T> Optional<T> choice(String name, List<T> all, Function<T, String> words) {
    Optional<String> text = text(name).map(String::strip);
    Optional<T> chosen = text.flatMap(each -> find(each, all, words));
    if (text.isPresent() && chosen.isEmpty()) {
      wrong(name, unknown(name, text.get(), all.stream().map(words).toList()));
    }
    return chosen;
  }

  /** As {@link #choice}, of each of a list, or of one alone. */
  public <T> Set<T> choices(String name, List<T> all, Function<T, String> words) {
    List<String> known = all.stream().map(words).toList();
    return new LinkedHashSet<>(
        elements(name, text -> find(text, all, words), text -> unknown(name, text, known)));
  }

  /**
   * As {@link #choices}, of names, which may have short forms.
   *
   * @param longer the whole of a short form
   */
  public Set<String> known(String name, List<String> all, UnaryOperator<String> longer) {
    return new LinkedHashSet<>(
        elements(
            name,
            text -> find(longer.apply(text), all, each -> each),
            text -> unknown(name, text, all)));
  }

  private static <T> Optional<T> find(String text, List<T> all, Function<T, String> words) {
    return all.stream().filter(each -> words.apply(each).equalsIgnoreCase(text)).findFirst();
  }

  private static String unknown(String name, String text, List<String> known) {
    String what = "'%s' knows no '%s'".formatted(name, text);
    if (known.isEmpty()) {
      return what + "; there are none";
    }
    return Spelling.nearest(text, known).isPresent()
        ? what + Spelling.hint(text, known)
        : what + "; there are " + String.join(", ", known);
  }

  /** A whole number within bounds. */
  public OptionalInt whole(String name, int least, int most) {
    return value(
            name,
            text ->
                decimal(text)
                    .filter(n -> n.stripTrailingZeros().scale() <= 0 && in(n, least, most)),
            "a whole number from %d to %d".formatted(least, most))
        .map(number -> OptionalInt.of(number.intValueExact()))
        .orElseGet(OptionalInt::empty);
  }

  /** A number within bounds. */
  public OptionalDouble number(String name, double least, double most) {
    return value(
            name,
            text -> decimal(text).filter(n -> in(n, least, most)),
            "a number from %s to %s".formatted(least, most))
        .map(number -> OptionalDouble.of(number.doubleValue()))
        .orElseGet(OptionalDouble::empty);
  }

  private static boolean in(BigDecimal number, double least, double most) {
    return number.doubleValue() >= least && number.doubleValue() <= most;
  }

  private static Optional<BigDecimal> decimal(String text) {
    return text.matches("-?\\d{1,18}(\\.\\d{1,18})?")
        ? Optional.of(new BigDecimal(text))
        : Optional.empty();
  }

  /** A table inside. */
  public Optional<TomlTable> table(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return Optional.empty();
    }
    if (value instanceof ObjectNode object) {
      return Optional.of(inside(object, List.of("." + name)));
    }
    wrong(name, "'%s' must be a table: [%s]".formatted(name, name));
    return Optional.empty();
  }

  /** Tables inside, however many. */
  public List<TomlTable> tables(String name) {
    JsonNode value = node(name);
    if (value == null) {
      return List.of();
    }
    if (!value.isArray() || value.valueStream().anyMatch(each -> !each.isObject())) {
      wrong(name, "'%s' must be tables, each with the head [[%s]]".formatted(name, name));
      return List.of();
    }
    var tables = new ArrayList<TomlTable>();
    for (int i = 0; i < value.size(); i++) {
      tables.add(inside((ObjectNode) value.get(i), List.of("." + name, "[" + i + "]")));
    }
    return tables;
  }

  private TomlTable inside(ObjectNode object, List<String> steps) {
    return new TomlTable(object, with(steps), places, mistakes);
  }

  /**
   * Says that something is wrong.
   *
   * @param name of what is wrong; empty for the table itself
   * @param what in words; without the value where it may be a secret
   */
  public void wrong(String name, String what) {
    mistake(name.isEmpty() ? List.of() : List.of("." + name), what);
  }

  /** Says of each name that nobody has asked for that it means nothing. */
  public void nothingElse() {
    for (String name : names()) {
      if (!asked.contains(name)) {
        wrong(name, "'%s' means nothing here%s".formatted(name, Spelling.hint(name, asked)));
      }
    }
  }

  private void mistake(List<String> steps, String what) {
    Places.Place place = places.of(with(steps));
    mistakes.add(new Mistake(place.line(), place.column(), what));
  }

  private List<String> with(List<String> steps) {
    return Stream.concat(path.stream(), steps.stream()).toList();
  }

  private JsonNode node(String name) {
    asked.add(name);
    return node.get(name);
  }

  private Optional<String> scalar(JsonNode value, String name, List<String> steps) {
    if (value.isString()) {
      return Optional.of(value.stringValue());
    }
    if (value.isNumber()) {
      return Optional.of(value.decimalValue().toPlainString());
    }
    mistake(steps, "'%s' must be a text or a number".formatted(name));
    return Optional.empty();
  }
}
