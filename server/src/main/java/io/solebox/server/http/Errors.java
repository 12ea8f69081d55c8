package io.solebox.server.http;

import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpException;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;
import io.solebox.engine.json.JsonWriter;
import io.solebox.server.error.ApiError;
import java.io.PrintStream;
import java.util.Optional;
import java.util.UUID;

/** Turns whatever went wrong into an OpenAI-shaped answer. Traces go to the log alone. */
final class Errors {
  private static final String JSON = "application/json";

  /** A refused body longer than this is not read to its end; the connection is closed instead. */
  private static final long MAX_SKIPPED_BYTES = 1 << 20;

  private final JsonWriter json;
  private final PrintStream log;

  /**
   * @param log takes what is our fault, with its trace
   */
  Errors(JsonWriter json, PrintStream log) {
    this.json = json;
    this.log = log;
  }

  /** Takes over the errors of the routes, and of what Helidon finds before it gets there. */
  void register(HttpRouting.Builder routing) {
    routing.error(
        Throwable.class, (request, response, error) -> send(request, response, of(error)));
  }

  DirectHandlers directHandlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, this::direct);
    }
    return handlers.build();
  }

  private DirectHandler.TransportResponse direct(
      DirectHandler.TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    String text = Optional.ofNullable(message).orElse(status.reasonPhrase());
    ApiError error = ApiError.badRequest(status.code(), text);
    headers.set(HeaderNames.CONTENT_TYPE, JSON);
    return DirectHandler.TransportResponse.builder()
        .status(status)
        .headers(headers)
        .keepAlive(false)
        .entity(bytes(error))
        .build();
  }

  /** The answer to an error; logs it if it is our own. */
  ApiError of(Throwable error) {
    return switch (error) {
      case ApiError known -> known;
      case SoleboxException known when known.code() != ErrorCode.INTERNAL_ERROR -> {
        ApiError answer = ApiError.from(known, "messages");
        if (answer.status() == 500) {
          log.println(known.describe());
        }
        yield answer;
      }
      case HttpException http when http.status().code() < 500 ->
          ApiError.badRequest(http.status().code(), String.valueOf(http.getMessage()));
      default -> {
        String incident = UUID.randomUUID().toString().substring(0, 8);
        synchronized (log) {
          log.println("Internal error " + incident + ":");
          error.printStackTrace(log);
        }
        yield ApiError.internal(incident);
      }
    };
  }

  byte[] bytes(ApiError error) {
    return json.bytes(error.body());
  }

  private void send(ServerRequest request, ServerResponse response, ApiError error) {
    if (isLong(request)) {
      response.header(HeaderValues.CONNECTION_CLOSE);
    }
    if (error.status() == 401) {
      response.header(HeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
    error
        .retryAfterSeconds()
        .ifPresent(seconds -> response.header(HeaderNames.RETRY_AFTER, Integer.toString(seconds)));
    response.status(error.status());
    response.header(HeaderNames.CONTENT_TYPE, JSON);
    response.send(bytes(error));
  }

  private static boolean isLong(ServerRequest request) {
    return !request.content().consumed()
        && (request.headers().contains(HeaderNames.TRANSFER_ENCODING)
            || request.headers().contentLength().orElse(0) > MAX_SKIPPED_BYTES);
  }
}
