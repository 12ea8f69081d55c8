package io.solebox.store.pull.source;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.store.pull.http.Ask;
import io.solebox.store.pull.http.Head;
import io.solebox.store.pull.http.Outbound;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers of sources in JSON, none of which is believed. */
final class Replies {
  static final int MOST_BYTES = 32 << 20;

  private static final JsonReader READER =
      new JsonReader(new JsonLimits(MOST_BYTES, 64, MOST_BYTES, 2_000_000));

  private Replies() {}

  /** The JSON of an answer. */
  static Object read(Outbound.Reply reply) {
    return read(reply.body(), reply.head().uri());
  }

  private static Object read(byte[] body, URI place) {
    try {
      return READER.read(body);
    } catch (JsonException e) {
      throw strange(place, "it is no JSON (" + e.getMessage() + ")");
    }
  }

  static Map<String, Object> object(Outbound.Reply reply) {
    return object(reply.body(), reply.head().uri());
  }

  static Map<String, Object> object(byte[] body, URI place) {
    return object(read(body, place)).orElseThrow(() -> strange(place, "it is no JSON object"));
  }

  @SuppressWarnings("unchecked") // objects of JSON have names
  static Optional<Map<String, Object>> object(Object value) {
    return value instanceof Map<?, ?> map
        ? Optional.of((Map<String, Object>) map)
        : Optional.empty();
  }

  static Optional<Map<String, Object>> object(Map<String, Object> of, String name) {
    return Optional.ofNullable(of.get(name)).flatMap(Replies::object);
  }

  static List<?> list(Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  static Optional<String> text(Map<String, Object> of, String name) {
    return of.get(name) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  static Optional<Long> number(Map<String, Object> of, String name) {
    return of.get(name) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  /** An answer that is not what the protocol says. */
  static SoleboxException strange(URI uri, String what) {
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        Ask.shown(uri),
        "The answer is not what such a source says: " + what + ".",
        "See whether the address is right, and whether something stands between here and there.");
  }

  static SoleboxException unreachable(URI uri, IOException cause) {
    String why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        Ask.shown(uri),
        "The source cannot be reached: " + why + ".",
        "Look after the network, a proxy, and the name; then try again.",
        cause);
  }

  /** For statuses that no source explains better. */
  static SoleboxException failed(Head head) {
    boolean busy = head.status() == 429;
    String wait =
        head.askedWait().map(w -> " It asks to wait for " + w.toSeconds() + " s.").orElse("");
    return new SoleboxException(
        ErrorCode.IO_ERROR,
        Ask.shown(head.uri()),
        (busy
                ? "The source was asked too often (HTTP 429)."
                : "The source answers " + head.status() + ".")
            + wait,
        "Try again later.");
  }
}
