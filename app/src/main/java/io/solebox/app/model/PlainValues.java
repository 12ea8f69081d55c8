package io.solebox.app.model;

import io.solebox.engine.source.Metadata;
import io.solebox.engine.source.MetadataValue;
import io.solebox.engine.source.ValueType;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/** Metadata as JSON has values; of an array the size and the first elements. */
final class PlainValues {
  private static final int FIRST = 6;

  private PlainValues() {}

  static Map<String, Object> of(Metadata metadata) {
    var all = new LinkedHashMap<String, Object>();
    metadata.keys().forEach(key -> all.put(key, plain(metadata.find(key).orElseThrow())));
    return all;
  }

  private static Object plain(MetadataValue value) {
    return switch (value) {
      case MetadataValue.Whole whole -> whole(whole.type(), whole.value());
      case MetadataValue.Real real -> shortest(real);
      case MetadataValue.Bool bool -> bool.value();
      case MetadataValue.Text text -> text.value();
      case MetadataValue.Array array -> {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("array_of", array.elementType().name().toLowerCase(Locale.ROOT));
        fields.put("size", array.size());
        fields.put("first", first(array));
        yield fields;
      }
    };
  }

  private static Object whole(ValueType type, long value) {
    return type == ValueType.U64 && value < 0
        ? new BigInteger(Long.toUnsignedString(value))
        : (Object) value;
  }

  /** The shortest number that reads back as the same float. */
  private static double shortest(MetadataValue.Real real) {
    return real.type() == ValueType.F32 ? shortest((float) real.value()) : real.value();
  }

  private static double shortest(float value) {
    return Double.parseDouble(Float.toString(value));
  }

  private static List<Object> first(MetadataValue.Array array) {
    return IntStream.range(0, Math.min(FIRST, array.size()))
        .mapToObj(i -> element(array, i))
        .toList();
  }

  private static Object element(MetadataValue.Array array, int i) {
    return switch (array) {
      case MetadataValue.Bytes(ValueType type, byte[] values) ->
          type == ValueType.U8 ? (long) (values[i] & 0xff) : (long) values[i];
      case MetadataValue.Ints ints -> (long) ints.values()[i];
      case MetadataValue.Longs longs -> whole(longs.elementType(), longs.values()[i]);
      case MetadataValue.Floats floats -> shortest(floats.values()[i]);
      case MetadataValue.Doubles doubles -> doubles.values()[i];
      case MetadataValue.Bools bools -> bools.values()[i];
      case MetadataValue.Strings strings -> strings.get(i);
      case MetadataValue.Nested nested -> plain(nested.values().get(i));
    };
  }
}
