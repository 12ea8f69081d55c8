package io.solebox.hardware.box;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/** The scalars of a JSON text by their paths, as in {@code result.aenergy.total}; {@code a.0}. */
public final class Fields {
  private static final JsonFactory FACTORY = JsonFactory.builder().build();

  /** None at all. */
  public static final Fields NONE = new Fields(Map.of());

  private final Map<String, String> values;

  private Fields(Map<String, String> values) {
    this.values = values;
  }

  /** Empty where it is no JSON. */
  public static Optional<Fields> of(byte[] json) {
    Map<String, String> values = new HashMap<>();
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token.isScalarValue() && token != JsonToken.VALUE_NULL) {
          values.put(path(parser), parser.getString());
        }
      }
      return json.length == 0 ? Optional.empty() : Optional.of(new Fields(values));
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String path(JsonParser parser) {
    return parser.streamReadContext().pathAsPointer().toString().substring(1).replace('/', '.');
  }

  public Optional<String> text(String path) {
    return Optional.ofNullable(values.get(path));
  }

  public OptionalDouble number(String path) {
    try {
      return values.containsKey(path)
          ? OptionalDouble.of(Double.parseDouble(values.get(path)))
          : OptionalDouble.empty();
    } catch (NumberFormatException e) {
      return OptionalDouble.empty();
    }
  }
}
