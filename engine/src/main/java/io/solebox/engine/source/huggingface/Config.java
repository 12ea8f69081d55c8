package io.solebox.engine.source.huggingface;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.Printable;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.source.FileStamp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;

/**
 * An object of a model's JSON, with typed access; null counts as absent. It remembers which fields
 * were asked for, so that what it asks for and nobody computes can be refused.
 *
 * <p>For one thread, while a model is opened.
 */
final class Config {
  private final String file;
  private final String path;
  private final Map<String, Object> values;
  private final Set<String> read;
  private final Map<String, Config> objects = new TreeMap<>();

  private Config(String file, String path, Map<String, Object> values, Set<String> read) {
    this.file = file;
    this.path = path;
    this.values = values;
    this.read = read;
  }

  /** The same with what transformers takes where a field is missing; null is a value there. */
  Config orElse(Map<String, Object> defaults) {
    Map<String, Object> all = new LinkedHashMap<>(defaults);
    all.putAll(values);
    return new Config(file, path, all, read);
  }

  /**
   * @throws SoleboxException {@code MODEL_NOT_FOUND}, {@code BAD_MODEL_FILE} or {@code IO_ERROR}
   */
  static Config read(Path file) {
    FileStamp.of(file);
    try {
      Map<String, Object> values =
          JsonReader.ofPython(JsonLimits.LOCAL).readObject(Files.readAllBytes(file));
      return new Config(file.toString(), "", values, new HashSet<>());
    } catch (IOException e) {
      throw FileStamp.unreadable(file, e);
    } catch (JsonException e) {
      throw new SoleboxException(
          ErrorCode.BAD_MODEL_FILE,
          file + ", line " + e.line() + ", column " + e.column(),
          "This is not the JSON that a model is described in: " + e.what(),
          "Download the file again; it may be cut short.",
          e);
    }
  }

  /** An object without fields, for what is not there. */
  static Config absent(Path file) {
    return new Config(file.toString(), "", Map.of(), new HashSet<>());
  }

  /** File and field, for errors. */
  String place(String name) {
    return file + ", field " + Printable.name(path + name);
  }

  String file() {
    return file;
  }

  Set<String> names() {
    return values.keySet();
  }

  /** The first of these that is there, under older and newer names. */
  Optional<Object> find(String... names) {
    Optional<Object> found = Optional.empty();
    for (String name : names) {
      read.add(path + name);
      found = found.or(() -> Optional.ofNullable(values.get(name)));
    }
    return found;
  }

  boolean has(String... names) {
    return find(names).isPresent();
  }

  /** A whole number from 0 on; some files write it with a fraction of 0. */
  OptionalInt count(String... names) {
    Object value = find(names).orElse(-1L);
    if (value instanceof Double d && d == Math.rint(d)) {
      value = d.longValue();
    }
    if (!(value instanceof Long count) || count > Integer.MAX_VALUE || count < -1) {
      throw bad(names[0], "must be a whole number from 0 on, is " + shown(value));
    }
    return count < 0 ? OptionalInt.empty() : OptionalInt.of(count.intValue());
  }

  int countOr(int fallback, String... names) {
    return count(names).orElse(fallback);
  }

  int required(String... names) {
    return count(names).orElseThrow(() -> bad(names[0], "is missing"));
  }

  OptionalDouble number(String... names) {
    Optional<Object> value = find(names);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (!(value.get() instanceof Number number) || !Double.isFinite(number.doubleValue())) {
      throw bad(names[0], "must be a number, is " + shown(value.get()));
    }
    return OptionalDouble.of(number.doubleValue());
  }

  double numberOr(double fallback, String... names) {
    return number(names).orElse(fallback);
  }

  double requiredNumber(String... names) {
    return number(names).orElseThrow(() -> bad(names[0], "is missing"));
  }

  boolean flagOr(boolean fallback, String... names) {
    Object value = find(names).orElse(fallback);
    if (value instanceof Boolean flag) {
      return flag;
    }
    throw bad(names[0], "must be true or false, is " + shown(value));
  }

  String textOr(String fallback, String... names) {
    Object value = find(names).orElse(fallback);
    if (value instanceof String text) {
      return text;
    }
    throw bad(names[0], "must be text, is " + shown(value));
  }

  List<?> listOr(List<?> fallback, String... names) {
    Object value = find(names).orElse(fallback);
    if (value instanceof List<?> list) {
      return list;
    }
    throw bad(names[0], "must be a list, is " + shown(value));
  }

  /** Numbers of a list. */
  float[] floats(String name) {
    List<?> list = listOr(List.of(), name);
    float[] numbers = new float[list.size()];
    for (int i = 0; i < numbers.length; i++) {
      if (!(list.get(i) instanceof Number number)) {
        throw bad(name, "must be a list of numbers");
      }
      numbers[i] = number.floatValue();
    }
    return numbers;
  }

  /** A text for each layer, as {@code layer_types} has it. */
  List<String> texts(String... names) {
    return listOr(List.of(), names).stream().map(String::valueOf).toList();
  }

  /** An object inside this one. */
  @SuppressWarnings("unchecked") // the reader makes no other maps
  Optional<Config> object(String name) {
    Object value = find(name).orElse(Map.of());
    if (!(value instanceof Map<?, ?> map)) {
      throw bad(name, "must be an object, is " + shown(value));
    }
    return map.isEmpty()
        ? Optional.empty()
        : Optional.of(
            objects.computeIfAbsent(
                name, _ -> new Config(file, path + name + ".", (Map<String, Object>) map, read)));
  }

  /** An error about a field: the file is wrong. */
  SoleboxException bad(String name, String message) {
    return new SoleboxException(
        ErrorCode.BAD_MODEL_FILE,
        place(name),
        message,
        "Download the file again, or compare it with the publisher's.");
  }

  /** An error about a field: the model asks for what this version cannot compute. */
  SoleboxException unsupported(String name, String message) {
    return new SoleboxException(
        ErrorCode.UNSUPPORTED_MODEL,
        place(name),
        message,
        "Update Solebox, or use a GGUF file of the model if there is one that runs.");
  }

  /** Refuses a field unless it is absent or has this value; numbers count by what they are. */
  void require(String name, Object expected) {
    Object value = find(name).orElse(expected);
    boolean same =
        value instanceof Number number && expected instanceof Number other
            ? number.doubleValue() == other.doubleValue()
            : value.equals(expected);
    if (!same) {
      throw unsupported(name, "is %s, which this version cannot compute".formatted(shown(value)));
    }
  }

  /**
   * Refuses fields that nobody asked for and that are not {@link HarmlessFields}, also of objects
   * that were asked for.
   *
   * @throws SoleboxException {@code UNSUPPORTED_MODEL} naming all of them
   */
  void requireAllRead() {
    objects.values().forEach(Config::requireAllRead);
    List<String> unread =
        values.entrySet().stream()
            .filter(e -> e.getValue() != null && !read.contains(path + e.getKey()))
            .filter(e -> !HarmlessFields.has(e.getKey(), e.getValue()))
            .map(e -> Printable.name(path + e.getKey()) + " = " + shown(e.getValue()))
            .toList();
    if (!unread.isEmpty()) {
      throw new SoleboxException(
          ErrorCode.UNSUPPORTED_MODEL,
          file,
          "The model asks for what this version does not compute, by %s: %s. Without it the answers may be wrong."
              .formatted(
                  unread.size() == 1 ? "this field" : "these fields",
                  String.join(", ", unread.subList(0, Math.min(8, unread.size())))
                      + (unread.size() > 8 ? " and others" : "")),
          "Update Solebox, or use a GGUF file of the model if there is one that runs.");
    }
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return Printable.line(text.length() <= 60 ? text : text.substring(0, 60) + "...");
  }
}
