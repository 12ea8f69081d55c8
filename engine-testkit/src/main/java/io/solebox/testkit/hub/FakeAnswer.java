package io.solebox.testkit.hub;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a {@link FakeServer} says.
 *
 * @param headers as they are sent, true or not
 * @param sentBytes of the body, after which the connection ends
 * @param stalls whether it stays open then, without a word
 * @param resets whether it breaks off then
 * @param closes whether it is closed after the body
 */
public record FakeAnswer(
    int status,
    Map<String, String> headers,
    FakeBody body,
    long sentBytes,
    boolean stalls,
    boolean resets,
    boolean closes) {

  public static FakeAnswer of(int status, FakeBody body) {
    return new FakeAnswer(status, Map.of(), body, Long.MAX_VALUE, false, false, false)
        .with("Content-Length", Long.toString(body.size()));
  }

  public static FakeAnswer status(int status) {
    return of(status, FakeBody.NONE);
  }

  public static FakeAnswer json(int status, String text) {
    return of(status, FakeBody.of(text.getBytes(StandardCharsets.UTF_8)))
        .with("Content-Type", "application/json");
  }

  public static FakeAnswer redirect(int status, String location) {
    return status(status).with("Location", location);
  }

  /** The body, or the part that {@code Range} asks for. */
  public static FakeAnswer ranged(FakeServer.Request request, FakeBody body, String etag) {
    String range = request.header("range");
    String condition = request.header("if-range");
    if (range.isEmpty() || !(condition.isEmpty() || condition.equals(etag))) {
      return of(200, body).with("ETag", etag).with("Accept-Ranges", "bytes");
    }
    String[] ends = range.substring("bytes=".length()).split("-", -1);
    long from = Long.parseLong(ends[0]);
    long to = Math.min(body.size(), Long.parseLong(ends[1]) + 1);
    if (from >= body.size()) {
      return status(416).with("Content-Range", "bytes */" + body.size());
    }
    return of(206, body.slice(from, to))
        .with("ETag", etag)
        .with("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + body.size());
  }

  public FakeAnswer with(String name, String value) {
    var more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new FakeAnswer(status, more, body, sentBytes, stalls, resets, closes);
  }

  public FakeAnswer without(String name) {
    var fewer = new LinkedHashMap<>(headers);
    fewer.remove(name);
    return new FakeAnswer(status, fewer, body, sentBytes, stalls, resets, closes);
  }

  /** Another body, under headers that say what they said. */
  public FakeAnswer with(FakeBody other) {
    return new FakeAnswer(status, headers, other, sentBytes, stalls, resets, closes);
  }

  /** Ends after some bytes of the body. */
  public FakeAnswer cutAfter(long bytes) {
    return new FakeAnswer(status, headers, body, bytes, false, false, true);
  }

  /** Breaks off after some bytes of the body. */
  public FakeAnswer resetAfter(long bytes) {
    return new FakeAnswer(status, headers, body, bytes, false, true, true);
  }

  /** Says nothing more after some bytes of the body. */
  public FakeAnswer stallAfter(long bytes) {
    return new FakeAnswer(status, headers, body, bytes, true, false, true);
  }
}
