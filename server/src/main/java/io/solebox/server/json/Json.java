package io.solebox.server.json;

import io.solebox.server.error.ApiError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * JSON text to plain values and back. Values are {@code Map} (in order), {@code List}, {@code
 * String}, {@code Long}, {@code Double}, {@code Boolean} and null. Refuses what different readers
 * would read differently: doubled keys, text after the end, invalid UTF-8, half surrogate pairs,
 * numbers beyond a long or a double.
 */
public final class Json {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NUMBER_LENGTH = 64;

  private final JsonFactory factory;

  /**
   * @param maxBytes longest text to read
   */
  public Json(int maxBytes) {
    factory =
        JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .maxStringLength(maxBytes)
                    .build())
            .build();
  }

  /**
   * Reads a JSON object.
   *
   * @throws ApiError 400 that says where the text is not JSON
   */
  public Map<String, Object> readObject(byte[] utf8) {
    String text;
    try {
      text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw ApiError.badJson("The body is not valid UTF-8.");
    }
    try (JsonParser parser = factory.createParser(ObjectReadContext.empty(), text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw ApiError.badJson("The body must be a JSON object.");
      }
      Map<String, Object> object = object(parser);
      if (parser.nextToken() != null) {
        throw ApiError.badJson("The body has text after the end of its JSON object.");
      }
      return object;
    } catch (JacksonException e) {
      var at = e.getLocation();
      String place =
          at == null ? "" : " (line " + at.getLineNr() + ", column " + at.getColumnNr() + ")";
      throw ApiError.badJson("The body is not valid JSON" + place + ".");
    }
  }

  private static Map<String, Object> object(JsonParser parser) {
    Map<String, Object> map = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = wholeCharacters(parser.currentName());
      parser.nextToken();
      map.put(name, value(parser));
    }
    return map;
  }

  private static List<Object> array(JsonParser parser) {
    List<Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static Object value(JsonParser parser) {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> wholeCharacters(parser.getString());
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_NUMBER_FLOAT -> finite(parser.getDoubleValue());
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case VALUE_NULL -> null;
      case NOT_AVAILABLE, END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT ->
          throw new IllegalStateException("not a value: " + parser.currentToken());
    };
  }

  private static double finite(double number) {
    if (!Double.isFinite(number)) {
      throw ApiError.badJson("The body has a number that is too large.");
    }
    return number;
  }

  private static String wholeCharacters(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (Character.isSurrogate(c)) {
        if (i + 1 == text.length() || !Character.isSurrogatePair(c, text.charAt(i + 1))) {
          throw ApiError.badJson("The body has a string with half a surrogate pair.");
        }
        i++;
      }
    }
    return text;
  }

  /** Writes with {@code content}, which makes exactly one value. */
  public byte[] write(Consumer<JsonGenerator> content) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
      content.accept(out);
    }
    return bytes.toByteArray();
  }

  /** Writes plain values: those that {@link #readObject} makes, and further numbers. */
  public static void writeValue(JsonGenerator out, Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case Double number -> out.writeNumber(number);
      case List<?> list -> {
        out.writeStartArray();
        list.forEach(item -> writeValue(out, item));
        out.writeEndArray();
      }
      case Map<?, ?> map -> {
        out.writeStartObject();
        map.forEach(
            (name, item) -> {
              out.writeName((String) name);
              writeValue(out, item);
            });
        out.writeEndObject();
      }
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }
}
