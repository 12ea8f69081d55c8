package io.solebox.engine.tokenizer;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An object of a JSON file, with typed access to its fields; null counts as absent. Errors name the
 * file and the field.
 *
 * @param place file and field, as in {@code tokenizer.json, field model}
 */
record JsonFields(String place, Map<String, Object> values) {
  /**
   * @throws SoleboxException {@code IO_ERROR} or {@code BAD_MODEL_FILE}
   */
  static JsonFields read(Path file) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new SoleboxException(
          ErrorCode.IO_ERROR,
          file.toString(),
          "The file cannot be read: " + e.getMessage(),
          "Check that it is there and that its permissions allow it.",
          e);
    }
    return parse(file.toString(), bytes);
  }

  /**
   * @param place of the text, for errors
   * @throws SoleboxException {@code BAD_MODEL_FILE}
   */
  static JsonFields parse(String place, byte[] json) {
    try {
      return new JsonFields(place, JsonReader.ofPython(JsonLimits.LOCAL).readObject(json));
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          place + ", line " + e.line() + ", column " + e.column(),
          "This is not the JSON that a tokenizer is written in: " + e.what(),
          "Download the file again; it may be cut short.",
          e);
    }
  }

  private Optional<Object> find(String name) {
    return Optional.ofNullable(values.get(name));
  }

  boolean has(String name) {
    return find(name).isPresent();
  }

  /** An error about a field: the file is wrong. */
  SoleboxException bad(String name, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place(name),
        message,
        "Download the file again, or use another version of the model.");
  }

  /** An error about a field: the file asks for what this version does not have. */
  SoleboxException unsupported(String name, String message) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        place(name),
        message,
        "Update Solebox, or use a GGUF file of the model.");
  }

  private String place(String name) {
    return place + ", field " + Printable.name(name);
  }

  private <T> Optional<T> typed(String name, Class<T> type, String what) {
    Optional<Object> value = find(name);
    if (value.isPresent() && !type.isInstance(value.get())) {
      throw bad(name, "must be " + what);
    }
    return value.map(type::cast);
  }

  Optional<String> text(String name) {
    return typed(name, String.class, "text");
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> bad(name, "is missing"));
  }

  boolean flag(String name, boolean fallback) {
    return typed(name, Boolean.class, "true or false").orElse(fallback);
  }

  OptionalInt number(String name) {
    Optional<Long> value = typed(name, Long.class, "a whole number");
    if (value.isPresent() && value.get() != value.get().intValue()) {
      throw bad(name, "is beyond 32 bits");
    }
    return value.map(v -> OptionalInt.of(v.intValue())).orElseGet(OptionalInt::empty);
  }

  /** Any value, for what has several forms. */
  Optional<Object> value(String name) {
    return find(name);
  }

  List<?> list(String name) {
    return typed(name, List.class, "a list").map(list -> (List<?>) list).orElseGet(List::of);
  }

  Optional<JsonFields> object(String name) {
    return typed(name, Map.class, "an object").map(map -> inner(name, map));
  }

  JsonFields requiredObject(String name) {
    return object(name).orElseThrow(() -> bad(name, "is missing"));
  }

  /** A list of objects; absent is empty. */
  List<JsonFields> objects(String name) {
    List<JsonFields> objects = new ArrayList<>();
    for (Object value : list(name)) {
      if (!(value instanceof Map<?, ?> map)) {
        throw bad(name, "must be a list of objects");
      }
      objects.add(inner(name + "[" + objects.size() + "]", map));
    }
    return objects;
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private JsonFields inner(String name, Map<?, ?> map) {
    return new JsonFields(place(name), (Map<String, Object>) map);
  }

  /** The field that says what kind of component this is. */
  String type() {
    return requiredText("type");
  }
}
