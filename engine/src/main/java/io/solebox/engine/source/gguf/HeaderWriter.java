package io.solebox.engine.source.gguf;

import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import io.solebox.engine.tensor.TensorType;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Lays out a GGUF header in memory, little-endian. */
final class HeaderWriter {
  private static final int VERSION = 3;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  static MetadataValue.Strings strings(List<String> values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int[] ends = new int[values.size()];
    for (int i = 0; i < ends.length; i++) {
      bytes.writeBytes(values.get(i).getBytes(StandardCharsets.UTF_8));
      ends[i] = bytes.size();
    }
    return new MetadataValue.Strings(bytes.toByteArray(), ends);
  }

  ByteBuffer bytes() {
    return ByteBuffer.wrap(out.toByteArray());
  }

  void preamble(int tensorCount, Map<String, MetadataValue> metadata) {
    number(HeaderReader.MAGIC, 4);
    number(VERSION, 4);
    number(tensorCount, 8);
    number(metadata.size(), 8);
    metadata.forEach(
        (key, value) -> {
          text(key.getBytes(StandardCharsets.UTF_8));
          number(GgufTypes.id(value.type()), 4);
          value(value);
        });
  }

  void tensor(String name, List<Long> shape, TensorType type, long offset) {
    text(name.getBytes(StandardCharsets.UTF_8));
    number(shape.size(), 4);
    shape.forEach(size -> number(size, 8));
    number(type.id(), 4);
    number(offset, 8);
  }

  private void value(MetadataValue value) {
    switch (value) {
      case MetadataValue.Whole(ValueType type, long number) ->
          number(number, GgufTypes.minBytes(type));
      case MetadataValue.Real(ValueType type, double number) -> real(type, number);
      case MetadataValue.Bool(boolean flag) -> number(flag ? 1 : 0, 1);
      case MetadataValue.Text(String text) -> text(text.getBytes(StandardCharsets.UTF_8));
      case MetadataValue.Array array -> {
        number(GgufTypes.id(array.elementType()), 4);
        number(array.size(), 8);
        elements(array);
      }
    }
  }

  private void elements(MetadataValue.Array array) {
    switch (array) {
      case MetadataValue.Bytes(ValueType _, byte[] values) -> out.writeBytes(values);
      case MetadataValue.Ints(ValueType type, int[] values) -> {
        for (int value : values) {
          number(value, GgufTypes.minBytes(type));
        }
      }
      case MetadataValue.Longs(ValueType type, long[] values) -> {
        for (long value : values) {
          number(value, GgufTypes.minBytes(type));
        }
      }
      case MetadataValue.Floats(float[] values) -> {
        for (float value : values) {
          real(ValueType.F32, value);
        }
      }
      case MetadataValue.Doubles(double[] values) -> {
        for (double value : values) {
          real(ValueType.F64, value);
        }
      }
      case MetadataValue.Bools(boolean[] values) -> {
        for (boolean value : values) {
          number(value ? 1 : 0, 1);
        }
      }
      case MetadataValue.Strings strings -> {
        for (int i = 0; i < strings.size(); i++) {
          int length = strings.end(i) - strings.start(i);
          number(length, 8);
          out.write(strings.bytes(), strings.start(i), length);
        }
      }
      case MetadataValue.Nested(List<MetadataValue.Array> arrays) -> arrays.forEach(this::value);
    }
  }

  private void real(ValueType type, double value) {
    if (type == ValueType.F32) {
      number(Float.floatToRawIntBits((float) value), 4);
    } else {
      number(Double.doubleToRawLongBits(value), 8);
    }
  }

  private void text(byte[] utf8) {
    number(utf8.length, 8);
    out.writeBytes(utf8);
  }

  private void number(long value, int bytes) {
    for (int i = 0; i < bytes; i++) {
      out.write((int) (value >>> (8 * i)));
    }
  }
}
