package io.solebox.server;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Recorded requests and what they are answered, a JSON object a line, in a file for each API.
 *
 * <p>A line with {@code base} is a request that is answered: its route, the place of its fields,
 * its body, and the page of documentation where it is from. Every other line is such a request
 * {@code of} that name {@code with} other members, or {@code without} some, or with a {@code raw}
 * body; it says which {@code field} it is about, the {@code status}, and of an error the {@code
 * answer}. With {@code SOLEBOX_WRITE_DOCS=1} in the environment answers that are missing are
 * recorded.
 */
final class Matrix {
  static final List<String> NAMES =
      List.of(
          "openai",
          "anthropic",
          "ollama",
          "llama",
          "responses",
          "batches",
          "knowledge",
          "manage",
          "structured");

  private static final Path FOLDER = Path.of("src/test/resources/io/solebox/server/matrix");

  private final JsonReader reader = new JsonReader(JsonLimits.LOCAL);
  private final JsonWriter writer = new JsonWriter();
  private final Map<String, Map<String, Object>> bases = new LinkedHashMap<>();
  private final Map<String, List<Map<String, Object>>> files = new LinkedHashMap<>();
  private final List<Line> lines = new ArrayList<>();

  /** One request. */
  record Line(
      String file, int number, Map<String, Object> base, Map<String, Object> own, String body) {
    String method() {
      return ((String) base.get("request")).split(" ")[0];
    }

    String path() {
      return ((String) base.get("request")).split(" ")[1];
    }

    /** The place of the body's fields, as in {@code openai.chat}. */
    String fields() {
      return (String) base.get("fields");
    }

    int status() {
      return own.get("status") instanceof Long status ? status.intValue() : 200;
    }

    Optional<String> field() {
      return Optional.ofNullable((String) own.get("field"));
    }

    Optional<Object> answer() {
      return Optional.ofNullable(own.get("answer"));
    }

    boolean isObject() {
      return !own.containsKey("raw");
    }

    String[] headers() {
      return own.get("headers") instanceof List<?> headers
          ? headers.toArray(String[]::new)
          : new String[0];
    }

    @Override
    public String toString() {
      return file + ":" + number + " " + field().orElse("") + " " + body;
    }
  }

  private Matrix() {}

  static Matrix read() {
    Matrix matrix = new Matrix();
    for (String name : NAMES) {
      matrix.read(name);
    }
    return matrix;
  }

  private void read(String name) {
    List<Map<String, Object>> all = new ArrayList<>();
    for (String text : text(name)) {
      Map<String, Object> own = reader.readObject(text.getBytes(StandardCharsets.UTF_8));
      all.add(own);
      if (own.containsKey("base")) {
        bases.put(name(own, name, "base"), own);
      }
      Map<String, Object> base = own.containsKey("base") ? own : base(own, name);
      lines.add(new Line(name, all.size(), base, own, body(base, own)));
    }
    files.put(name, all);
  }

  private static String name(Map<String, Object> own, String file, String what) {
    String name = (String) own.get(what);
    return name.contains(".") ? name : file + "." + name;
  }

  private Map<String, Object> base(Map<String, Object> own, String file) {
    return Optional.ofNullable(bases.get(name(own, file, "of")))
        .orElseThrow(() -> new IllegalArgumentException("no base: " + own));
  }

  private static List<String> text(String name) {
    try {
      return Files.readAllLines(FOLDER.resolve(name + ".jsonl"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String body(Map<String, Object> base, Map<String, Object> own) {
    if (own.get("raw") instanceof String raw) {
      return raw;
    }
    Map<String, Object> body = members(base.get("body"));
    if (own.containsKey("with")) {
      body.putAll(members(own.get("with")));
    }
    if (own.get("without") instanceof List<?> names) {
      names.forEach(body::remove);
    }
    return writer.text(body);
  }

  @SuppressWarnings("unchecked") // the reader makes no other maps
  private static Map<String, Object> members(Object value) {
    return new LinkedHashMap<>((Map<String, Object>) value);
  }

  List<Line> lines() {
    return lines;
  }

  /** The answers that were missing are there from now on. */
  void write(Map<Line, Object> recorded) throws IOException {
    recorded.forEach((line, answer) -> line.own().put("answer", answer));
    for (String name : NAMES) {
      StringBuilder text = new StringBuilder();
      files.get(name).forEach(own -> text.append(writer.text(own)).append('\n'));
      Files.writeString(FOLDER.resolve(name + ".jsonl"), text);
    }
  }
}
