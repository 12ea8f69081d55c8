package io.solebox.server.describe;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.params.FieldTable;
import io.solebox.server.params.FieldTable.Alias;
import io.solebox.server.params.FieldTable.NoEffect;
import io.solebox.server.params.FieldTable.Read;
import io.solebox.server.params.FieldTable.Refused;
import io.solebox.server.params.FieldTable.Row;
import io.solebox.server.params.FieldType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * JSON schemas of the places of {@link FieldTable}s, under names as in {@code openai.chat}. What is
 * referred to is made as well.
 */
final class Schemas {
  private static final String REFERENCE = "#/components/schemas/";

  private final Function<String, FieldTable> tables;
  private final JsonReader values = new JsonReader(JsonLimits.LOCAL);
  private final Map<String, FieldTable> read = new HashMap<>();
  private final Map<String, Object> made = new LinkedHashMap<>();

  /**
   * @param tables by the first half of a name
   */
  Schemas(Function<String, FieldTable> tables) {
    this.tables = tables;
  }

  /** All that were referred to, by name. */
  Map<String, Object> all() {
    return made;
  }

  /**
   * Of an object.
   *
   * @param name as in {@code openai.chat}
   */
  Map<String, Object> reference(String name) {
    if (!made.containsKey(name)) {
      made.put(name, Map.of()); // it may refer to itself
      int dot = name.indexOf('.');
      String table = name.substring(0, dot);
      made.put(name, new Place(table, name.substring(dot + 1)).schema());
    }
    return Map.of("$ref", REFERENCE + name);
  }

  /** What may stand behind the {@code ?} of a path. */
  List<Object> parameters(String name) {
    int dot = name.indexOf('.');
    Place place = new Place(name.substring(0, dot), name.substring(dot + 1));
    List<Object> parameters = new ArrayList<>();
    for (Row row : place.rows) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("name", row.name());
      one.put("in", "query");
      one.put("description", row.words());
      one.put("schema", place.of(((Read) row.rule()).type()));
      parameters.add(one);
    }
    return parameters;
  }

  /** A place of a table. */
  private final class Place {
    private final String api;
    private final List<Row> rows;

    Place(String api, String place) {
      this.api = api;
      this.rows =
          read.computeIfAbsent(api, tables).rows().stream()
              .filter(row -> row.place().equals(place))
              .toList();
      if (rows.isEmpty()) {
        throw new IllegalArgumentException("no rows for " + api + "." + place);
      }
    }

    Map<String, Object> schema() {
      Map<String, Object> properties = new LinkedHashMap<>();
      List<Object> demands = new ArrayList<>();
      Object others = false;
      for (Row row : rows) {
        if (row.name().equals("*")) {
          others = row.rule() instanceof Read read ? of(read.type()) : true;
          continue;
        }
        properties.put(row.name(), property(row));
        if (row.rule() instanceof Read read && read.required()) {
          demands.add(demand(row.name()));
        }
      }
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "object");
      schema.put("properties", properties);
      if (!demands.isEmpty()) {
        schema.put("allOf", demands);
      }
      schema.put("additionalProperties", others);
      return schema;
    }

    /** That a field is there, under whichever of its names. */
    private Map<String, Object> demand(String name) {
      List<Map<String, Object>> names =
          names(name).stream()
              .map(each -> Map.<String, Object>of("required", List.of(each)))
              .toList();
      return names.size() == 1 ? names.getFirst() : Map.of("anyOf", names);
    }

    private List<String> names(String name) {
      List<String> names = new ArrayList<>(List.of(name));
      rows.stream()
          .filter(row -> row.rule() instanceof Alias alias && alias.name().equals(name))
          .forEach(row -> names.add(row.name()));
      return names;
    }

    private Map<String, Object> property(Row row) {
      return switch (row.rule()) {
        case Read read ->
            described(read, row.words(), read.required() && names(row.name()).size() == 1);
        case Alias(String name) ->
            rows.stream()
                .filter(other -> other.name().equals(name))
                .findFirst()
                .map(other -> renamed(other, row.words()))
                .orElseThrow();
        case NoEffect _ -> Map.of("description", "Without effect: " + row.words() + ".");
        case Refused _ -> Map.of("description", "Refused: " + row.words());
      };
    }

    private Map<String, Object> renamed(Row meant, String from) {
      Map<String, Object> schema = new LinkedHashMap<>(property(meant));
      schema.put("description", "Another name for '" + meant.name() + "' (" + from + ").");
      return schema;
    }

    /**
     * @param always whether it has a value in every request
     */
    private Map<String, Object> described(Read read, String words, boolean always) {
      Map<String, Object> schema = new LinkedHashMap<>();
      Map<String, Object> type = of(read.type());
      schema.putAll(always ? type : orNull(type));
      schema.put("description", words);
      read.absent().ifPresent(text -> schema.put("default", value(text)));
      return schema;
    }

    /** Null counts as absent. */
    private static Map<String, Object> orNull(Map<String, Object> type) {
      if (type.isEmpty()) {
        return type;
      }
      Map<String, Object> nothing = Map.of("type", "null");
      List<Object> types = new ArrayList<>();
      if (type.size() == 1 && type.get("anyOf") instanceof List<?> several) {
        types.addAll(several);
      } else {
        types.add(type);
      }
      types.add(nothing);
      return Map.of("anyOf", types);
    }

    private Map<String, Object> of(FieldType type) {
      return switch (type) {
        case FieldType.Text _ -> Map.of("type", "string");
        case FieldType.Word(String text) -> Map.of("const", text);
        case FieldType.Flag _ -> Map.of("type", "boolean");
        case FieldType.Numeric number -> of(number);
        case FieldType.Members(var place) ->
            place
                .map(name -> reference(api + "." + name))
                .orElseGet(() -> Map.of("type", "object"));
        case FieldType.Items items -> of(items);
        case FieldType.Any _ -> Map.of();
        case FieldType.OneOf(List<FieldType> types) -> oneOf(types);
      };
    }

    /** Words alone are an enumeration. */
    private Map<String, Object> oneOf(List<FieldType> types) {
      List<Object> words = new ArrayList<>();
      List<Object> others = new ArrayList<>();
      for (FieldType type : types) {
        if (type instanceof FieldType.Word(String text)) {
          words.add(text);
        } else {
          others.add(of(type));
        }
      }
      if (others.isEmpty()) {
        return Map.of("enum", words);
      }
      if (!words.isEmpty()) {
        others.addFirst(Map.of("enum", words));
      }
      return Map.of("anyOf", others);
    }

    private static Map<String, Object> of(FieldType.Numeric number) {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", number.whole() ? "integer" : "number");
      bound(schema, "minimum", number.least());
      bound(schema, "maximum", number.most());
      return schema;
    }

    private static void bound(Map<String, Object> schema, String name, OptionalDouble bound) {
      if (bound.isPresent()) {
        double value = bound.getAsDouble();
        boolean whole = value == Math.rint(value);
        schema.put(name, whole ? (Number) (long) value : (Number) value);
      }
    }

    private Map<String, Object> of(FieldType.Items items) {
      Map<String, Object> schema = new LinkedHashMap<>();
      schema.put("type", "array");
      schema.put("items", of(items.each()));
      count(schema, "minItems", items.least());
      count(schema, "maxItems", items.most());
      return schema;
    }

    private static void count(Map<String, Object> schema, String name, OptionalInt count) {
      count.ifPresent(n -> schema.put(name, n));
    }
  }

  private Object value(String text) {
    return values.read(text.getBytes(StandardCharsets.UTF_8));
  }
}
