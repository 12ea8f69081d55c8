package io.solebox.server.error;

import io.solebox.engine.error.SoleboxException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An answer that is an error, in OpenAI's shape: {@code {"error": {"message", "type", "param",
 * "code"}}}. Everything that goes wrong in a request becomes one of these, and here is where engine
 * errors get their status.
 */
public final class ApiError extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String INVALID_REQUEST = "invalid_request_error";
  private static final String SERVER = "server_error";

  /** Parts of messages come from requests, and a name in one can be as long as its body. */
  private static final int MAX_MESSAGE = 1000;

  private static final int MAX_NAME = 100;

  private final int status;
  private final String type;
  private final String code;
  private final transient Optional<String> param;
  private final transient Map<String, Object> details;
  private final transient OptionalInt retryAfterSeconds;

  private ApiError(
      int status,
      String type,
      String code,
      Optional<String> param,
      String message,
      Map<String, Object> details,
      OptionalInt retryAfterSeconds) {
    super(abbreviated(message, MAX_MESSAGE), null, false, false);
    this.status = status;
    this.type = type;
    this.code = code;
    this.param = param.map(name -> abbreviated(name, MAX_NAME));
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  private static String abbreviated(String text, int length) {
    return text.length() <= length ? text : text.substring(0, length) + "...";
  }

  private static ApiError of(int status, String code, Optional<String> param, String message) {
    String type = status >= 500 ? SERVER : INVALID_REQUEST;
    return new ApiError(status, type, code, param, message, Map.of(), OptionalInt.empty());
  }

  private static ApiError of(int status, String code, String message) {
    return of(status, code, Optional.empty(), message);
  }

  /** The body is not JSON. */
  public static ApiError badJson(String message) {
    return of(400, "invalid_json", message);
  }

  /** The request is not what HTTP or this API calls a request. */
  public static ApiError badRequest(int status, String message) {
    return of(status, status >= 500 ? "internal_error" : "invalid_request", message);
  }

  public static ApiError invalidValue(String param, String message) {
    return of(400, "invalid_value", Optional.of(param), message);
  }

  /**
   * A value of the wrong JSON type.
   *
   * @param expected as in {@code a number}
   */
  public static ApiError invalidType(String param, String expected, Object value) {
    String message =
        "Invalid type for '%s': expected %s, but got %s instead."
            .formatted(param, expected, typeName(value));
    return of(400, "invalid_type", Optional.of(param), message);
  }

  private static String typeName(Object value) {
    return switch (value) {
      case null -> "null";
      case String _ -> "a string";
      case Boolean _ -> "a boolean";
      case Long _ -> "an integer";
      case Number _ -> "a decimal";
      case Map<?, ?> _ -> "an object";
      default -> "an array";
    };
  }

  public static ApiError missing(String param) {
    return of(
        400,
        "missing_required_parameter",
        Optional.of(param),
        "Missing required parameter: '" + param + "'.");
  }

  public static ApiError unknownParameter(String param) {
    return of(
        400,
        "unknown_parameter",
        Optional.of(param),
        "Unknown parameter: '" + abbreviated(param, MAX_NAME) + "'.");
  }

  /** Part of OpenAI's API, but not of this server's. */
  public static ApiError unsupported(String param, String why) {
    String message = "Unsupported parameter: '%s'. %s".formatted(param, why).strip();
    return of(400, "unsupported_parameter", Optional.of(param), message);
  }

  public static ApiError modelNotFound(String name, String known) {
    return of(
        404,
        "model_not_found",
        Optional.of("model"),
        "The model '%s' does not exist. This server has: %s.".formatted(name, known));
  }

  public static ApiError noChatTemplate(String name) {
    return of(
        400,
        "no_chat_template",
        Optional.of("model"),
        "The model '%s' has no chat template. Use /v1/completions.".formatted(name));
  }

  /**
   * The model cannot answer yet.
   *
   * @param fraction 0 to 1
   */
  public static ApiError modelLoading(String name, String stage, double fraction) {
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("progress", fraction);
    details.put("stage", stage);
    String message =
        "The model '%s' is still loading: %s, %d %%."
            .formatted(name, stage, (int) (100 * fraction));
    return new ApiError(
        503,
        SERVER,
        "model_loading",
        Optional.of("model"),
        message,
        details,
        OptionalInt.of(fraction < 0.5 ? 5 : 2));
  }

  public static ApiError modelFailed(String name, SoleboxException error) {
    return of(
        500,
        error.code().wireName(),
        Optional.of("model"),
        "The model '%s' could not be loaded: %s".formatted(name, error.explanation()));
  }

  public static ApiError draining() {
    return new ApiError(
        503,
        SERVER,
        "shutting_down",
        Optional.empty(),
        "The server is shutting down.",
        Map.of(),
        OptionalInt.of(5));
  }

  public static ApiError unauthorized(boolean keyGiven) {
    String message =
        keyGiven
            ? "Incorrect API key provided."
            : "You didn't provide an API key. Send it as 'Authorization: Bearer KEY'.";
    return of(401, "invalid_api_key", message);
  }

  public static ApiError forbidden(String code, String message) {
    return of(403, code, message);
  }

  public static ApiError unknownRoute(String method, String path) {
    return of(404, "unknown_url", "Unknown request URL: %s %s.".formatted(method, path));
  }

  public static ApiError wrongMethod(String method, String path) {
    return of(405, "method_not_supported", "%s is not supported for %s.".formatted(method, path));
  }

  public static ApiError wrongContentType() {
    return of(415, "unsupported_content_type", "Send JSON, with 'Content-Type: application/json'.");
  }

  public static ApiError tooLarge(int maxBytes) {
    return of(413, "request_too_large", "The body is longer than %d bytes.".formatted(maxBytes));
  }

  /**
   * A bug of ours.
   *
   * @param incident by which the log names it
   */
  public static ApiError internal(String incident) {
    return of(
        500, "internal_error", "Internal error. The server's log has it as " + incident + ".");
  }

  /**
   * An engine error.
   *
   * @param promptParam the parameter that holds the prompt
   */
  public static ApiError from(SoleboxException error, String promptParam) {
    String message = error.explanation();
    String code = error.code().wireName();
    return switch (error.code()) {
      case CONTEXT_LENGTH_EXCEEDED, BAD_TEMPLATE ->
          of(400, code, Optional.of(promptParam), message);
      case INVALID_PARAMETER -> {
        String param = error.place().isEmpty() ? promptParam : error.place();
        yield of(400, "invalid_value", Optional.of(param), "'" + param + "': " + message);
      }
      case MODEL_NOT_FOUND -> of(404, code, Optional.of("model"), message);
      case CANCELLED, CLOSED, OUT_OF_MEMORY -> of(503, code, message);
      case BAD_MODEL_FILE,
          UNSUPPORTED_MODEL,
          MODEL_FILE_CHANGED,
          DEVICE_UNAVAILABLE,
          IO_ERROR,
          INTERNAL_ERROR ->
          of(500, code, message);
    };
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public OptionalInt retryAfterSeconds() {
    return retryAfterSeconds;
  }

  /** The JSON value of the body. */
  public Map<String, Object> body() {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("message", getMessage());
    error.put("type", type);
    error.put("param", param.orElse(null));
    error.put("code", code);
    error.putAll(details);
    return Map.of("error", error);
  }
}
