package io.solebox.server.batches;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;

/**
 * The input file of a batch: a JSON object a line, with {@code custom_id}, {@code method}, {@code
 * url} and {@code body}. Lines are numbered from 1; empty ones are passed over.
 */
final class BatchInput {
  /** As OpenAI has it. */
  static final int MAX_LINES = 50_000;

  private static final int MAX_ERRORS = 100;
  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 500_000;

  /** Lines between two looks at whether it is wanted still. */
  private static final int LOOK_LINES = 256;

  private final Source file;
  private final String endpoint;
  private final int maxLineBytes;
  private final JsonReader reader;

  /**
   * @param endpoint that all lines must name
   */
  BatchInput(Source file, String endpoint, int maxLineBytes) {
    this.file = file;
    this.endpoint = endpoint;
    this.maxLineBytes = maxLineBytes;
    this.reader = new JsonReader(new JsonLimits(maxLineBytes, MAX_DEPTH, maxLineBytes, MAX_VALUES));
  }

  /** Opens the file, from its beginning. */
  @FunctionalInterface
  interface Source {
    InputStream open() throws IOException;
  }

  /** A line that is as it must be. */
  record Request(int number, String customId, Map<String, Object> body) {}

  /** What the input is worth. */
  record Findings(int lines, List<Object> errors) {}

  /** Takes a line. */
  @FunctionalInterface
  private interface Taker {
    /** Returns whether to go on. */
    boolean take(int number, byte[] line) throws InterruptedException;
  }

  /** Takes a request. */
  @FunctionalInterface
  interface RequestTaker {
    /** Returns whether to go on. */
    boolean take(Request request) throws InterruptedException;
  }

  /**
   * Counts the lines and finds what is wrong with them.
   *
   * @param unwanted whether nobody wants to know any more; asked now and then
   * @return empty where nobody wants to know
   */
  Optional<Findings> examine(BooleanSupplier unwanted) throws IOException, InterruptedException {
    List<Object> errors = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    int[] lines = {0};
    boolean[] left = {false};
    each(
        (number, line) -> {
          if (lines[0] % LOOK_LINES == 0 && unwanted.getAsBoolean()) {
            left[0] = true;
            return false;
          }
          lines[0]++;
          problem(number, line, ids).ifPresent(errors::add);
          if (lines[0] > MAX_LINES) {
            errors.add(
                error(
                    number,
                    "too_many_lines",
                    "The file has more than %d requests.".formatted(MAX_LINES)));
          }
          return lines[0] <= MAX_LINES && errors.size() < MAX_ERRORS;
        });
    if (lines[0] == 0) {
      errors.add(error(1, "empty_file", "The file has no request."));
    }
    return left[0] ? Optional.empty() : Optional.of(new Findings(lines[0], errors));
  }

  private Optional<Object> problem(int number, byte[] line, Set<String> ids) {
    if (line.length > maxLineBytes) {
      return Optional.of(
          error(
              number,
              "line_too_long",
              "The line is longer than %d bytes.".formatted(maxLineBytes)));
    }
    Map<String, Object> object;
    try {
      object = reader.readObject(line);
    } catch (JsonException e) {
      return Optional.of(
          error(number, "invalid_json_line", "The line is no JSON object: " + e.getMessage()));
    }
    if (!(object.get("custom_id") instanceof String id) || id.isEmpty()) {
      return Optional.of(
          error(number, "missing_required_parameter", "'custom_id' must be a text."));
    }
    if (!ids.add(id)) {
      return Optional.of(
          error(number, "duplicate_custom_id", "Another line has the 'custom_id' of this one."));
    }
    if (!"POST".equals(object.getOrDefault("method", "POST"))) {
      return Optional.of(error(number, "invalid_method", "'method' must be POST."));
    }
    if (!endpoint.equals(object.get("url"))) {
      return Optional.of(
          error(
              number, "mismatched_url", "'url' must be %s, as of the batch.".formatted(endpoint)));
    }
    return object.get("body") instanceof Map
        ? Optional.empty()
        : Optional.of(error(number, "missing_required_parameter", "'body' must be an object."));
  }

  private static Map<String, Object> error(int number, String code, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("code", code);
    error.put("message", message);
    error.put("param", null);
    error.put("line", number);
    return error;
  }

  /** The requests of a file that was {@link #examine examined}, until the taker has enough. */
  void requests(RequestTaker taker) throws IOException, InterruptedException {
    each(
        (number, line) -> {
          Map<String, Object> object = reader.readObject(line);
          @SuppressWarnings("unchecked") // it was examined
          Map<String, Object> body = (Map<String, Object>) object.get("body");
          return taker.take(new Request(number, (String) object.get("custom_id"), body));
        });
  }

  private void each(Taker taker) throws IOException, InterruptedException {
    try (InputStream in = new BufferedInputStream(file.open(), 1 << 16)) {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int number = 1;
      boolean goesOn = true;
      int next = in.read();
      while (goesOn && next >= 0) {
        while (next >= 0 && next != '\n') {
          if (line.size() <= maxLineBytes) { // one byte more says that it is too long
            line.write(next);
          }
          next = in.read();
        }
        if (!line.toString(StandardCharsets.UTF_8).isBlank()) {
          goesOn = taker.take(number, line.toByteArray());
        }
        line.reset();
        number++;
        next = next < 0 ? next : in.read();
      }
    }
  }
}
