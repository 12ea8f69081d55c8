package io.solebox.engine.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a model says of itself under GGUF's keys, with typed access. A missing key, a key of another
 * type, and a number out of range throw {@code BAD_MODEL_FILE}, naming file, place and key; the
 * {@code ...Or} forms allow only the first of these.
 */
public final class Metadata {
  private final String place;
  private final Map<String, Entry> entries;

  /**
   * A value and where it stands.
   *
   * @param place for errors, as in {@code model.gguf at offset 24}
   */
  public record Entry(String place, MetadataValue value) {}

  /**
   * @param place of what is missing: the file
   * @param entries in file order; taken over
   */
  public Metadata(String place, Map<String, Entry> entries) {
    this.place = place;
    this.entries = Collections.unmodifiableMap(entries);
  }

  public Optional<MetadataValue> find(String key) {
    return Optional.ofNullable(entries.get(key)).map(Entry::value);
  }

  public boolean has(String key) {
    return entries.containsKey(key);
  }

  /** In file order. */
  public Set<String> keys() {
    return entries.keySet();
  }

  public String string(String key) {
    if (required(key).value() instanceof MetadataValue.Text(String text)) {
      return text;
    }
    throw wrong(key, "text");
  }

  public String stringOr(String key, String fallback) {
    return has(key) ? string(key) : fallback;
  }

  /** Any whole number that fits an int. */
  public int intValue(String key) {
    if (required(key).value() instanceof MetadataValue.Whole(ValueType type, long value)
        && value == (int) value
        && (type != ValueType.U64 || value >= 0)) {
      return (int) value;
    }
    throw wrong(key, "a whole number of 32 bits");
  }

  /** Any whole number; one that does not fit an int is the nearest that does. */
  public int clampedInt(String key) {
    if (required(key).value() instanceof MetadataValue.Whole(ValueType type, long value)) {
      boolean beyond = type == ValueType.U64 && value < 0;
      return beyond ? Integer.MAX_VALUE : Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
    }
    throw wrong(key, "a whole number");
  }

  public int intOr(String key, int fallback) {
    return has(key) ? intValue(key) : fallback;
  }

  /** A number, written with or without a fraction. */
  public float floatValue(String key) {
    return switch (required(key).value()) {
      case MetadataValue.Real(ValueType _, double value) -> (float) value;
      case MetadataValue.Whole(ValueType type, long value)
          when type != ValueType.U64 || value >= 0 ->
          value;
      case MetadataValue.Whole _,
          MetadataValue.Bool _,
          MetadataValue.Text _,
          MetadataValue.Array _ ->
          throw wrong(key, "a number");
    };
  }

  public boolean booleanValue(String key) {
    if (required(key).value() instanceof MetadataValue.Bool(boolean value)) {
      return value;
    }
    throw wrong(key, "a boolean");
  }

  public boolean boolOr(String key, boolean fallback) {
    return has(key) ? booleanValue(key) : fallback;
  }

  /** A view of the file's bytes; every access decodes anew. See {@link #stringArray}. */
  public List<String> strings(String key) {
    return stringArray(key).asList();
  }

  /** An array of strings as UTF-8. */
  public MetadataValue.Strings stringArray(String key) {
    if (required(key).value() instanceof MetadataValue.Strings strings) {
      return strings;
    }
    throw wrong(key, "an array of strings");
  }

  /** An array of any whole-number type whose elements fit an int. A copy. */
  public int[] ints(String key) {
    return switch (required(key).value()) {
      case MetadataValue.Ints ints -> ints.values().clone();
      case MetadataValue.Bytes bytes -> widen(bytes);
      case MetadataValue.Longs longs -> narrow(key, longs);
      case MetadataValue.Whole _,
          MetadataValue.Real _,
          MetadataValue.Bool _,
          MetadataValue.Text _,
          MetadataValue.Floats _,
          MetadataValue.Doubles _,
          MetadataValue.Bools _,
          MetadataValue.Strings _,
          MetadataValue.Nested _ ->
          throw wrong(key, "an array of whole numbers");
    };
  }

  /** An array of 32-bit floats. A copy. */
  public float[] floats(String key) {
    if (required(key).value() instanceof MetadataValue.Floats(float[] values)) {
      return values.clone();
    }
    throw wrong(key, "an array of 32-bit floating-point numbers");
  }

  /**
   * An error about the value of {@code key} that a reader of the metadata found.
   *
   * @param message what is wrong, as in {@code must be at least 1, is 0}
   */
  public SoleboxException bad(String key, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place(key),
        message,
        "The file is damaged or was made by a tool that does not follow the GGUF format: download or convert it again.");
  }

  /** The file, for errors that are about no key. */
  public String place() {
    return place;
  }

  /** File, offset and key, for errors. */
  public String place(String key) {
    Entry entry = entries.get(key);
    return (entry == null ? place : entry.place()) + ", key " + Printable.name(key);
  }

  private static int[] widen(MetadataValue.Bytes bytes) {
    int mask = bytes.elementType() == ValueType.U8 ? 0xff : -1;
    int[] values = new int[bytes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.values()[i] & mask;
    }
    return values;
  }

  private int[] narrow(String key, MetadataValue.Longs longs) {
    boolean unsigned = longs.elementType() != ValueType.I64;
    int[] values = new int[longs.size()];
    for (int i = 0; i < values.length; i++) {
      long value = longs.values()[i];
      if (value != (int) value || (unsigned && value < 0)) {
        throw wrong(key, "an array of whole numbers of 32 bits");
      }
      values[i] = (int) value;
    }
    return values;
  }

  private Entry required(String key) {
    Entry entry = entries.get(key);
    if (entry == null) {
      throw bad(key, "the key is missing");
    }
    return entry;
  }

  private SoleboxException wrong(String key, String wanted) {
    MetadataValue value = required(key).value();
    String found =
        switch (value) {
          case MetadataValue.Whole(ValueType type, long number) ->
              type + " " + (type == ValueType.U64 ? Long.toUnsignedString(number) : number);
          case MetadataValue.Array array ->
              "an array of " + array.size() + " " + array.elementType() + " values";
          case MetadataValue.Real _, MetadataValue.Bool _, MetadataValue.Text _ ->
              value.type().toString();
        };
    return bad(key, "must be " + wanted + ", is " + found);
  }
}
