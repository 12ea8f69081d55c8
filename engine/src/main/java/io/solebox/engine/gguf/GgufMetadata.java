package io.solebox.engine.gguf;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The key-value part of a GGUF file, with typed access. A missing key, a key of another type, and a
 * number out of range throw {@code BAD_MODEL_FILE}, naming file, offset and key; the {@code ...Or}
 * forms allow only the first of these.
 */
public final class GgufMetadata {
  private final Path path;
  private final Map<String, Entry> entries;

  /** A value and the offset of its key in the file. */
  record Entry(long offset, GgufValue value) {}

  /**
   * @param entries in file order; taken over
   */
  GgufMetadata(Path path, Map<String, Entry> entries) {
    this.path = path;
    this.entries = Collections.unmodifiableMap(entries);
  }

  public Optional<GgufValue> find(String key) {
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
    if (required(key).value() instanceof GgufValue.Text(String text)) {
      return text;
    }
    throw wrong(key, "text");
  }

  public String stringOr(String key, String fallback) {
    return has(key) ? string(key) : fallback;
  }

  /** Any whole number that fits an int. */
  public int intValue(String key) {
    if (required(key).value() instanceof GgufValue.Whole(GgufType type, long value)
        && value == (int) value
        && (type != GgufType.U64 || value >= 0)) {
      return (int) value;
    }
    throw wrong(key, "a whole number of 32 bits");
  }

  public int intOr(String key, int fallback) {
    return has(key) ? intValue(key) : fallback;
  }

  public float floatValue(String key) {
    if (required(key).value() instanceof GgufValue.Real(GgufType _, double value)) {
      return (float) value;
    }
    throw wrong(key, "a floating-point number");
  }

  public float floatOr(String key, float fallback) {
    return has(key) ? floatValue(key) : fallback;
  }

  public boolean booleanValue(String key) {
    if (required(key).value() instanceof GgufValue.Bool(boolean value)) {
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
  public GgufValue.Strings stringArray(String key) {
    if (required(key).value() instanceof GgufValue.Strings strings) {
      return strings;
    }
    throw wrong(key, "an array of strings");
  }

  /** An array of any whole-number type whose elements fit an int. A copy. */
  public int[] ints(String key) {
    return switch (required(key).value()) {
      case GgufValue.Ints ints -> ints.values().clone();
      case GgufValue.Bytes bytes -> widen(bytes);
      case GgufValue.Longs longs -> narrow(key, longs);
      case GgufValue.Whole _,
          GgufValue.Real _,
          GgufValue.Bool _,
          GgufValue.Text _,
          GgufValue.Floats _,
          GgufValue.Doubles _,
          GgufValue.Bools _,
          GgufValue.Strings _,
          GgufValue.Nested _ ->
          throw wrong(key, "an array of whole numbers");
    };
  }

  /** An array of 32-bit floats. A copy. */
  public float[] floats(String key) {
    if (required(key).value() instanceof GgufValue.Floats(float[] values)) {
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
        "The file is damaged or was made by a tool that does not follow the GGUF format.");
  }

  /** File, offset and key, for errors. */
  public String place(String key) {
    Entry entry = entries.get(key);
    String offset = entry == null ? "" : " at offset " + entry.offset();
    return path + offset + ", key " + key;
  }

  private static int[] widen(GgufValue.Bytes bytes) {
    int mask = bytes.elementType() == GgufType.U8 ? 0xff : -1;
    int[] values = new int[bytes.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes.values()[i] & mask;
    }
    return values;
  }

  private int[] narrow(String key, GgufValue.Longs longs) {
    boolean unsigned = longs.elementType() != GgufType.I64;
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
    GgufValue value = required(key).value();
    String found =
        switch (value) {
          case GgufValue.Whole(GgufType type, long number) ->
              type + " " + (type == GgufType.U64 ? Long.toUnsignedString(number) : number);
          case GgufValue.Array array ->
              "an array of " + array.size() + " " + array.elementType() + " values";
          case GgufValue.Real _, GgufValue.Bool _, GgufValue.Text _ -> value.type().toString();
        };
    return bad(key, "must be " + wanted + ", is " + found);
  }
}
