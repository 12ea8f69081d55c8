package io.solebox.engine.json;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;

/**
 * UTF-8 bytes to plain values: {@code Map} (in order), {@code List}, {@code String}, {@code Long},
 * {@code BigInteger} beyond a long, {@code Double}, {@code BigDecimal} beyond a double, {@code
 * Boolean} and null. Refuses what different readers would read differently (doubled names, text
 * after the end, invalid UTF-8, half surrogate pairs), and says where. A byte order mark is passed
 * over. Safe for many threads.
 */
public final class JsonReader {
  static final int MAX_NUMBER_LENGTH = 1000;

  private final JsonLimits limits;
  private final JsonFactory factory;

  public JsonReader(JsonLimits limits) {
    this(limits, false);
  }

  /**
   * @param infinities whether {@code NaN}, {@code Infinity} and {@code -Infinity} are numbers
   */
  private JsonReader(JsonLimits limits, boolean infinities) {
    this.limits = limits;
    this.factory =
        JsonFactory.builder()
            .configure(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS, infinities)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(limits.maxDepth())
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(limits.maxStringLength())
                    .maxNameLength(limits.maxStringLength())
                    .build())
            .build();
  }

  /** For what Python writes: {@code NaN}, {@code Infinity} and {@code -Infinity} are doubles. */
  public static JsonReader ofPython(JsonLimits limits) {
    return new JsonReader(limits, true);
  }

  /**
   * Reads one value.
   *
   * @throws JsonException if the text is not exactly one JSON value within the limits
   */
  public Object read(byte[] utf8) {
    return read(utf8, JsonSkips.NONE);
  }

  /**
   * As {@link #read(byte[])}; of what is skipped the name stays, with the value null.
   *
   * @throws JsonException likewise
   */
  public Object read(byte[] utf8, JsonSkips skips) {
    return read(utf8, skips, false);
  }

  /**
   * Reads an object.
   *
   * @throws JsonException also if the value is none
   */
  public Map<String, Object> readObject(byte[] utf8) {
    return readObject(utf8, JsonSkips.NONE);
  }

  /**
   * As {@link #readObject(byte[])} and {@link #read(byte[], JsonSkips)}.
   *
   * @throws JsonException likewise
   */
  @SuppressWarnings("unchecked") // what the next line makes
  public Map<String, Object> readObject(byte[] utf8, JsonSkips skips) {
    return (Map<String, Object>) read(utf8, skips, true);
  }

  private Object read(byte[] utf8, JsonSkips skips, boolean objectWanted) {
    if (utf8.length > limits.maxBytes()) {
      throw at(utf8, 0, "The text is longer than " + limits.maxBytes() + " bytes", "");
    }
    int start = Utf8.byteOrderMark(utf8);
    Utf8.wideEncoding(utf8, start)
        .ifPresent(
            name -> {
              throw new JsonException("The text is in " + name + "; send UTF-8", 1, 1, "");
            });
    if (start < utf8.length && (utf8[start] == 0 || utf8[start] == (byte) 0xef)) {
      // No value begins so, and the parser would take it for another encoding or a second mark.
      throw at(utf8, start, Words.unexpected(utf8, start), "");
    }
    int invalid = Utf8.firstInvalid(utf8);
    if (invalid < utf8.length) {
      throw at(utf8, invalid, Utf8.describe(utf8, invalid), pathOf(utf8, start, invalid));
    }
    return new Reading(utf8, start, utf8.length, skips, objectWanted).whole();
  }

  /** The value that a text is in when it breaks off at {@code end}; empty if it has no such end. */
  private String pathOf(byte[] utf8, int start, int end) {
    try {
      new Reading(utf8, start, end, JsonSkips.NONE, false).whole();
      return "";
    } catch (JsonException e) {
      return e.what().startsWith("The text ends") ? e.path() : "";
    }
  }

  /** An error at a byte; everything before it is valid UTF-8. */
  private static JsonException at(byte[] utf8, int offset, String what, String path) {
    int line = 1;
    int column = 1;
    for (int i = Utf8.byteOrderMark(utf8); i < Math.min(offset, utf8.length); i++) {
      if (utf8[i] == '\n') {
        line++;
        column = 1;
      } else if ((utf8[i] & 0xc0) != 0x80) {
        column++;
      }
    }
    return new JsonException(what, line, column, path);
  }

  /** One reading of one text. */
  private final class Reading {
    private final byte[] utf8;
    private final int start;
    private final int end;
    private final JsonSkips skips;
    private final boolean objectWanted;
    private int values;

    Reading(byte[] utf8, int start, int end, JsonSkips skips, boolean objectWanted) {
      this.utf8 = utf8;
      this.start = start;
      this.end = end;
      this.skips = skips;
      this.objectWanted = objectWanted;
    }

    Object whole() {
      try (JsonParser parser =
          factory.createParser(ObjectReadContext.empty(), utf8, start, end - start)) {
        try {
          return whole(parser);
        } catch (JacksonException e) {
          var place = e.getLocation() == null ? parser.currentLocation() : e.getLocation();
          int offset = characterStart(place.getByteOffset());
          String what = Words.of(e, limits, utf8, offset);
          boolean inName = what.endsWith(Words.NAME_EXPECTED);
          throw at(utf8, offset, what, JsonPath.of(parser.streamReadContext(), inName));
        }
      }
    }

    /** The parser may stand at the last byte of the character in question. */
    private int characterStart(long offset) {
      int at = Math.toIntExact(start + Math.max(0, offset));
      while (at < utf8.length && (utf8[at] & 0xc0) == 0x80) {
        at--;
      }
      return at;
    }

    private Object whole(JsonParser parser) {
      JsonToken first = parser.nextToken();
      if (first == null) {
        throw at(utf8, end, "The text ends before its JSON value begins", "");
      }
      if (objectWanted && first != JsonToken.START_OBJECT) {
        throw failure(parser, "The text must be a JSON object");
      }
      Object value = value(parser, skips);
      if (parser.nextToken() != null) {
        throw failure(parser, "There is more text after the end of the JSON value");
      }
      return value;
    }

    private Object value(JsonParser parser, JsonSkips skips) {
      if (++values > limits.maxValues()) {
        throw failure(parser, "There are more than " + limits.maxValues() + " values");
      }
      return switch (parser.currentToken()) {
        case START_OBJECT -> object(parser, skips);
        case START_ARRAY -> array(parser, skips.elements());
        case VALUE_STRING -> wholeCharacters(parser, parser.getString());
        case VALUE_NUMBER_INT -> integer(parser);
        case VALUE_NUMBER_FLOAT -> decimal(parser);
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
            throw new IllegalStateException("not a value: " + parser.currentToken());
      };
    }

    private Map<String, Object> object(JsonParser parser, JsonSkips skips) {
      Map<String, Object> map = new LinkedHashMap<>();
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = wholeCharacters(parser, parser.currentName());
        if (map.containsKey(name)) {
          throw failure(parser, "The name appears twice in one object");
        }
        parser.nextToken();
        map.put(name, member(parser, skips.member(name)));
      }
      return map;
    }

    private Object member(JsonParser parser, JsonSkips skips) {
      if (skips.skipped()) {
        parser.skipChildren();
        return null;
      }
      return value(parser, skips);
    }

    private List<Object> array(JsonParser parser, JsonSkips skips) {
      List<Object> list = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        list.add(member(parser, skips));
      }
      return list;
    }

    private static Number integer(JsonParser parser) {
      return switch (parser.getNumberType()) {
        case INT, LONG -> parser.getLongValue();
        case BIG_INTEGER -> parser.getBigIntegerValue();
        case FLOAT, DOUBLE, BIG_DECIMAL -> throw new IllegalStateException("not an integer");
      };
    }

    private Number decimal(JsonParser parser) {
      double number = parser.getDoubleValue();
      try {
        return Double.isFinite(number) || parser.isNaN()
            ? (Number) number
            : parser.getDecimalValue();
      } catch (NumberFormatException e) {
        throw failure(parser, "A number has an exponent that is too large"); // for a BigDecimal
      }
    }

    /** UTF-8 has no half pairs, but escapes can write them. */
    private String wholeCharacters(JsonParser parser, String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        if (Character.isSurrogate(c)) {
          if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
            int half = HalfPairs.find(utf8, tokenStart(parser));
            throw at(utf8, half, "A string has half a surrogate pair", pathOf(parser));
          }
          i++;
        }
      }
      return text;
    }

    private JsonException failure(JsonParser parser, String what) {
      return at(utf8, tokenStart(parser), what, pathOf(parser));
    }

    private int tokenStart(JsonParser parser) {
      return Math.toIntExact(start + parser.currentTokenLocation().getByteOffset());
    }

    private static String pathOf(JsonParser parser) {
      return JsonPath.of(parser.streamReadContext(), false);
    }
  }
}
