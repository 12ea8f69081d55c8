package io.solebox.server.knowledge.search;

import io.solebox.server.http.Problem;
import io.solebox.server.params.Fields;
import io.solebox.server.params.Params;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Which documents are looked through, by their attributes, as OpenAI's clients say it. */
public sealed interface Filter {
  /** How deep filters may stand in each other. */
  int MAX_DEPTH = 8;

  /** How many parts one may have. */
  int MAX_PARTS = 100;

  /** All of them. */
  Filter ALL = new All(List.of());

  /** Whether a document of these attributes is one of them. */
  boolean lets(Map<String, Object> attributes);

  /** Whether all parts let it through. */
  record All(List<Filter> parts) implements Filter {
    @Override
    public boolean lets(Map<String, Object> attributes) {
      return parts.stream().allMatch(part -> part.lets(attributes));
    }
  }

  /** Whether one part lets it through. */
  record Any(List<Filter> parts) implements Filter {
    @Override
    public boolean lets(Map<String, Object> attributes) {
      return parts.stream().anyMatch(part -> part.lets(attributes));
    }
  }

  /** How an attribute compares with a value. One that is not there lets nothing but NE through. */
  record Comparison(Operator operator, String key, Object value) implements Filter {
    @Override
    public boolean lets(Map<String, Object> attributes) {
      return operator.holds(Optional.ofNullable(attributes.get(key)), value);
    }
  }

  /** How values are compared. */
  enum Operator {
    EQ,
    NE,
    GT,
    GTE,
    LT,
    LTE,
    IN,
    NIN;

    boolean holds(Optional<Object> its, Object value) {
      return switch (this) {
        case EQ -> its.filter(it -> same(it, value)).isPresent();
        case NE -> its.filter(it -> same(it, value)).isEmpty();
        case GT ->
            its.filter(it -> order(it, value).filter(sign -> sign > 0).isPresent()).isPresent();
        case GTE ->
            its.filter(it -> order(it, value).filter(sign -> sign >= 0).isPresent()).isPresent();
        case LT ->
            its.filter(it -> order(it, value).filter(sign -> sign < 0).isPresent()).isPresent();
        case LTE ->
            its.filter(it -> order(it, value).filter(sign -> sign <= 0).isPresent()).isPresent();
        case IN -> its.filter(it -> among(it, value)).isPresent();
        case NIN -> its.filter(it -> among(it, value)).isEmpty();
      };
    }

    private static boolean among(Object its, Object values) {
      return ((List<?>) values).stream().anyMatch(each -> same(its, each));
    }

    private static boolean same(Object its, Object value) {
      return order(its, value).map(sign -> sign == 0).orElse(its.equals(value));
    }

    /** Of numbers and of texts; nothing else has an order. */
    private static Optional<Integer> order(Object its, Object value) {
      if (its instanceof Number a && value instanceof Number b) {
        return Optional.of(new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())));
      }
      return its instanceof String a && value instanceof String b
          ? Optional.of(a.compareTo(b))
          : Optional.empty();
    }
  }

  /**
   * Reads what a request says.
   *
   * @param param of the request
   * @throws Problem 400
   */
  static Filter read(Object given, String param) {
    return read(given, param, 1, new int[] {0});
  }

  private static Filter read(Object given, String param, int depth, int[] parts) {
    if (depth > MAX_DEPTH || ++parts[0] > MAX_PARTS) {
      throw Params.invalidValue(
          param,
          "Filters have at most %d parts, %d in each other.".formatted(MAX_PARTS, MAX_DEPTH));
    }
    Map<String, Object> members = Fields.members(given, param);
    Object type = members.get("type");
    if (!(type instanceof String word)) {
      throw Params.missing(param + ".type");
    }
    return switch (word) {
      case "and" -> new All(parts(members, param, depth, parts));
      case "or" -> new Any(parts(members, param, depth, parts));
      case String _ -> comparison(word, members, param);
    };
  }

  private static List<Filter> parts(
      Map<String, Object> members, String param, int depth, int[] count) {
    if (!(members.get("filters") instanceof List<?> filters) || filters.isEmpty()) {
      throw Params.invalidValue(param + ".filters", "It must be an array of filters.");
    }
    List<Filter> read = new ArrayList<>();
    for (int i = 0; i < filters.size(); i++) {
      read.add(read(filters.get(i), param + ".filters[" + i + "]", depth + 1, count));
    }
    return List.copyOf(read);
  }

  private static Filter comparison(String word, Map<String, Object> members, String param) {
    Operator operator = null;
    for (Operator each : Operator.values()) {
      if (each.name().equalsIgnoreCase(word)) {
        operator = each;
      }
    }
    if (operator == null) {
      throw Params.invalidValue(
          param + ".type", "It must be eq, ne, gt, gte, lt, lte, in, nin, and, or or.");
    }
    if (!(members.get("key") instanceof String key)) {
      throw Params.missing(param + ".key");
    }
    return new Comparison(operator, key, value(operator, members.get("value"), param + ".value"));
  }

  private static Object value(Operator operator, Object value, String param) {
    boolean many = operator == Operator.IN || operator == Operator.NIN;
    if (many && value instanceof List<?> list && list.stream().allMatch(Filter::plain)) {
      return List.copyOf(list);
    }
    if (!many && plain(value)) {
      return value;
    }
    String expected = many ? "an array of texts and numbers" : "a string, a number or a boolean";
    throw Params.invalidValue(param, "It must be %s.".formatted(expected));
  }

  private static boolean plain(Object value) {
    return value instanceof String || value instanceof Number || value instanceof Boolean;
  }
}
