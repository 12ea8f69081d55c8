package io.solebox.server.http;

import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.solebox.engine.json.JsonException;
import io.solebox.engine.json.JsonLimits;
import io.solebox.engine.json.JsonReader;
import io.solebox.server.error.ApiError;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;

/** Reads JSON bodies of bounded length. */
final class Bodies {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_VALUES = 1_000_000;

  private final JsonReader json;
  private final int maxBytes;

  Bodies(int maxBytes) {
    this.json = new JsonReader(new JsonLimits(maxBytes, MAX_DEPTH, maxBytes, MAX_VALUES));
    this.maxBytes = maxBytes;
  }

  /**
   * @throws ApiError 400, 413 or 415
   */
  Map<String, Object> readObject(ServerRequest request, ServerResponse response) {
    // Also a fence: a foreign page can send other types without asking the browser first.
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    String mediaType = type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
    if (!mediaType.equals("application/json")) {
      throw ApiError.wrongContentType();
    }
    if (request.headers().contentLength().orElse(0) > maxBytes) {
      throw refused(request, response);
    }
    if (!request.content().hasEntity()) {
      throw ApiError.badJson("The body is empty.");
    }
    try {
      return json.readObject(read(request, response));
    } catch (JsonException e) {
      throw ApiError.badJson("The body is not valid JSON: " + e.getMessage() + ".");
    }
  }

  private byte[] read(ServerRequest request, ServerResponse response) {
    try (InputStream in = request.content().inputStream()) {
      byte[] bytes = in.readNBytes(maxBytes);
      if (bytes.length == maxBytes && in.read() >= 0) {
        throw refused(request, response);
      }
      return bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads on for a while before it refuses: most clients look for an answer only when they have
   * sent everything, and a connection closed before that looks to them like a broken one.
   */
  private ApiError refused(ServerRequest request, ServerResponse response) {
    response.header(HeaderValues.CONNECTION_CLOSE);
    try {
      request.content().inputStream().skipNBytes(2L * maxBytes);
    } catch (IOException | RuntimeException e) {
      // It ended, or another reader has it; either way there is nothing more to skip.
    }
    return ApiError.tooLarge(maxBytes);
  }
}
