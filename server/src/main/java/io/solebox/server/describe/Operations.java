package io.solebox.server.describe;

import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the routes do and what their bodies mean, in {@code operations.json}: by method and path, an
 * object with {@code summary} and {@code tag}, and where there is more to say {@code description},
 * {@code query} (the place in {@code answers.txt} of what may stand behind the {@code ?}), {@code
 * body} (the places of what may be sent, with their tables, as in {@code openai.chat}), {@code
 * answer} (the place in {@code answers.txt} of what is answered; {@code answers} where that is an
 * array of them), {@code consumes} and {@code produces} (types of what is sent and answered).
 */
final class Operations {
  private final Map<String, Object> byRoute;

  private Operations(Map<String, Object> byRoute) {
    this.byRoute = byRoute;
  }

  static Operations read() {
    try (InputStream in = Operations.class.getResourceAsStream("operations.json")) {
      return new Operations(new JsonReader(JsonLimits.LOCAL).readObject(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** As in {@code POST /v1/chat/completions}. */
  List<String> routes() {
    return List.copyOf(byRoute.keySet());
  }

  @SuppressWarnings("unchecked") // the file has nothing else, as its test says
  Optional<Map<String, Object>> of(Route route) {
    Object found = byRoute.get(route.method() + " " + path(route));
    return Optional.ofNullable((Map<String, Object>) found);
  }

  /** A route's path, in which what stands for several segments is a parameter like others. */
  static String path(Route route) {
    return route.path().replace("*}", "}");
  }

  /** What the document says of an operation in the file's own words. */
  static Map<String, Object> words(Map<String, Object> operation) {
    Map<String, Object> words = new LinkedHashMap<>();
    for (String name : List.of("summary", "description")) {
      Optional.ofNullable(operation.get(name)).ifPresent(text -> words.put(name, text));
    }
    return words;
  }

  static String tag(Map<String, Object> operation) {
    return (String) operation.get("tag");
  }

  /** A place that an operation names. */
  static Optional<String> place(Map<String, Object> operation, String what) {
    return Optional.ofNullable((String) operation.get(what));
  }

  static List<String> body(Map<String, Object> operation) {
    return texts(operation, "body").orElse(List.of());
  }

  static String consumes(Map<String, Object> operation) {
    return operation.get("consumes") instanceof String type ? type : "application/json";
  }

  static List<String> produces(Map<String, Object> operation) {
    return texts(operation, "produces").orElse(List.of("application/json"));
  }

  private static Optional<List<String>> texts(Map<String, Object> operation, String name) {
    return operation.get(name) instanceof List<?> texts
        ? Optional.of(texts.stream().map(String.class::cast).toList())
        : Optional.empty();
  }
}
