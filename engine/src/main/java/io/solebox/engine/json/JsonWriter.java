package io.solebox.engine.json;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Values to JSON text on one line, without an end of line. Safe for many threads. */
public final class JsonWriter {
  private final JsonFactory factory = JsonFactory.builder().build();

  /** What {@code content} writes, which must be exactly one value, in UTF-8. */
  public byte[] write(Consumer<JsonGenerator> content) {
    Written bytes = new Written();
    try (JsonGenerator out = factory.createGenerator(ObjectWriteContext.empty(), bytes)) {
      content.accept(out);
    }
    return bytes.all();
  }

  /**
   * What a generator writes. It comes in pieces of its buffer's size, and mostly in one: a short
   * text, as of every token of a stream, is copied once.
   */
  private static final class Written extends OutputStream {
    private byte[] first = {};
    private Optional<ByteArrayOutputStream> more = Optional.empty();

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      if (first.length == 0) {
        first = Arrays.copyOfRange(bytes, offset, offset + length);
        return;
      }
      if (more.isEmpty()) {
        more = Optional.of(new ByteArrayOutputStream(2 * (first.length + length)));
        more.get().writeBytes(first);
      }
      more.get().write(bytes, offset, length);
    }

    byte[] all() {
      return more.map(ByteArrayOutputStream::toByteArray).orElse(first);
    }
  }

  /** A plain value in UTF-8; see {@link #writeValue}. */
  public byte[] bytes(Object value) {
    return write(out -> writeValue(out, value));
  }

  /** A plain value; see {@link #writeValue}. */
  public String text(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  /**
   * Writes what {@link JsonReader} reads, and further numbers. JSON has no numbers that are not
   * finite; they become null.
   */
  public static void writeValue(JsonGenerator out, Object value) {
    switch (value) {
      case null -> out.writeNull();
      case String text -> out.writeString(text);
      case Boolean flag -> out.writeBoolean(flag);
      case Number number -> writeNumber(out, number);
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

  private static void writeNumber(JsonGenerator out, Number value) {
    switch (value) {
      case Integer number -> out.writeNumber(number);
      case Long number -> out.writeNumber(number);
      case BigInteger number -> out.writeNumber(number);
      case BigDecimal number -> out.writeNumber(number);
      case Float number when Float.isFinite(number) -> out.writeNumber(number);
      case Double number when Double.isFinite(number) -> out.writeNumber(number);
      case Float _, Double _ -> out.writeNull();
      default -> throw new IllegalArgumentException(value.getClass().getName());
    }
  }
}
