package io.solebox.server.http;

import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.engine.json.JsonSkips;
import io.solebox.server.http.Counters.Count;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.io.Content;

/** Reads bodies of bounded length in bounded time, within the budget of all of them. */
final class BodyReader {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 500_000;

  /** What a value takes in memory, about: an entry of a map or a list, and itself. */
  private static final int BYTES_PER_VALUE = 64;

  private static final int STEP = 64 << 10;

  private final HttpLimits limits;
  private final BodyBudget budget;
  private final Counters counters;

  /** By the longest text; there are as many as routes have limits. */
  private final Map<Integer, JsonReader> readers = new ConcurrentHashMap<>();

  BodyReader(HttpLimits limits, BodyBudget budget, Counters counters) {
    this.limits = limits;
    this.budget = budget;
    this.counters = counters;
  }

  BodyBudget.Share share() {
    return budget.open();
  }

  /**
   * @throws Problem 400, 408, 413, 415 or 503
   */
  Map<String, Object> readObject(
      BodyParts parts,
      RequestHeaders headers,
      int maxBytes,
      JsonSkips skips,
      BodyBudget.Share share)
      throws InterruptedException {
    requireJson(headers);
    boolean packed = isPacked(headers);
    byte[] body = bytes(parts, maxBytes, share);
    if (packed) {
      body = unpacked(body, maxBytes, share);
    }
    if (body.length == 0) {
      throw Problem.badJson("The body is empty.");
    }
    share.add(2L * body.length + (long) BYTES_PER_VALUE * Math.min(MAX_VALUES, body.length / 2));
    try {
      return readers.computeIfAbsent(maxBytes, BodyReader::json).readObject(body, skips);
    } catch (JsonException e) {
      throw Problem.badJson("The body is not valid JSON: " + e.getMessage() + ".");
    }
  }

  private static JsonReader json(int maxBytes) {
    return new JsonReader(new JsonLimits(maxBytes, MAX_DEPTH, maxBytes, MAX_VALUES));
  }

  private static void requireJson(RequestHeaders headers) {
    // Also a fence: a foreign page can send other types without asking the browser first.
    String type = headers.single("Content-Type").orElse("");
    String mediaType = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals("application/json")) {
      throw Problem.wrongContentType();
    }
  }

  private static boolean isPacked(RequestHeaders headers) {
    Optional<String> encoding = headers.single("Content-Encoding");
    return switch (encoding.orElse("identity").strip().toLowerCase(Locale.ROOT)) {
      case "identity", "" -> false;
      case "gzip", "x-gzip" -> true;
      default -> throw Problem.wrongEncoding(encoding.orElseThrow());
    };
  }

  private byte[] bytes(BodyParts parts, int maxBytes, BodyBudget.Share share)
      throws InterruptedException {
    if (parts.request().getLength() > maxBytes) {
      throw Problem.tooLarge(maxBytes);
    }
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    long begin = System.nanoTime();
    while (true) {
      Content.Chunk chunk = parts.next(deadline(begin, body.size())).orElseThrow(this::tooSlow);
      if (Content.Chunk.isFailure(chunk)) {
        throw failure(chunk.getFailure());
      }
      append(body, chunk, maxBytes, share);
      if (chunk.isLast()) {
        return body.toByteArray();
      }
    }
  }

  private static void append(
      ByteArrayOutputStream body, Content.Chunk chunk, int maxBytes, BodyBudget.Share share) {
    try {
      ByteBuffer part = chunk.getByteBuffer();
      if (part.remaining() > maxBytes - body.size()) {
        throw Problem.tooLarge(maxBytes);
      }
      share.add(part.remaining());
      byte[] bytes = new byte[part.remaining()];
      part.get(bytes);
      body.writeBytes(bytes);
    } finally {
      chunk.release();
    }
  }

  /** Until when the next bytes must come, in nanoseconds of the system's timer. */
  private long deadline(long begin, long received) {
    HttpLimits.Times times = limits.times();
    Duration byRate =
        times.bodyGrace().plusMillis(1000 * received / limits.minBodyBytesPerSecond());
    return begin + Math.min(byRate.toNanos(), times.body().toNanos());
  }

  private Problem tooSlow() {
    counters.add(Count.SLOW_BODIES);
    return Problem.tooSlow();
  }

  /** What broke the body off: the client, or bytes that are no HTTP. */
  private RuntimeException failure(Throwable cause) {
    if (cause instanceof TimeoutException) {
      return tooSlow();
    }
    if (cause instanceof HttpException wrong) {
      return Problem.badRequest(
          wrong.getCode(), "The body breaks off, or its chunks are not as HTTP wants them.");
    }
    return new ClientGoneException();
  }

  private static byte[] unpacked(byte[] packed, int maxBytes, BodyBudget.Share share) {
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    byte[] step = new byte[STEP];
    try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
      for (int n = in.read(step); n >= 0; n = in.read(step)) {
        if (n > maxBytes - plain.size()) {
          throw Problem.tooLarge(maxBytes);
        }
        share.add(n);
        plain.write(step, 0, n);
      }
      return plain.toByteArray();
    } catch (IOException e) {
      throw Problem.of(400, "invalid_encoding", "The body is not what gzip makes.");
    }
  }

  /** Reads on past a refused body, for a while, so that its sender lives to see the refusal. */
  static void linger(BodyParts parts, long maxBytes, Duration time) throws InterruptedException {
    long deadline = System.nanoTime() + time.toNanos();
    long left = maxBytes;
    while (left > 0) {
      Optional<Content.Chunk> chunk = parts.next(deadline);
      if (chunk.isEmpty() || Content.Chunk.isFailure(chunk.get())) {
        return;
      }
      left -= chunk.get().remaining();
      chunk.get().release();
      if (chunk.get().isLast()) {
        return;
      }
    }
  }
}
