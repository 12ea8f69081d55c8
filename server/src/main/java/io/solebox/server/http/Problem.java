package io.solebox.server.http;

import io.solebox.server.limits.Refusal;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * An answer that is an error, whatever shape an API gives it. Everything that goes wrong in a
 * request becomes one of these.
 */
public final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Parts of messages come from requests, and a name in one can be as long as its body. */
  private static final int MAX_MESSAGE = 1000;

  private static final int MAX_NAME = 100;

  private final int status;
  private final String code;
  private final transient Optional<String> param;
  private final transient Map<String, Object> details;
  private final transient OptionalInt retryAfterSeconds;

  private Problem(
      int status,
      String code,
      Optional<String> param,
      String message,
      Map<String, Object> details,
      OptionalInt retryAfterSeconds) {
    super(Texts.abbreviated(message, MAX_MESSAGE), null, false, false);
    this.status = status;
    this.code = code;
    this.param = param.map(name -> Texts.abbreviated(name, MAX_NAME));
    this.details = details;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  /**
   * @param status of HTTP, 400 to 599
   * @param code a stable name
   * @param message a sentence for whoever sent the request
   */
  public static Problem of(int status, String code, String message) {
    return new Problem(status, code, Optional.empty(), message, Map.of(), OptionalInt.empty());
  }

  /** The same about one parameter, by its full name. */
  public Problem withParam(String name) {
    return new Problem(status, code, Optional.of(name), getMessage(), details, retryAfterSeconds);
  }

  /** The same with further members of the error. */
  public Problem withDetails(Map<String, Object> more) {
    return new Problem(status, code, param, getMessage(), more, retryAfterSeconds);
  }

  /** The same with the advice to come back. */
  public Problem withRetryAfter(int seconds) {
    return new Problem(status, code, param, getMessage(), details, OptionalInt.of(seconds));
  }

  /** Who asks has used what he may use. */
  static Problem overLimit(Refusal refusal) {
    long seconds = Math.max(1, refusal.retryIn().plusMillis(999).toSeconds());
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("limit", refusal.limit().wireName());
    details.put("whose", refusal.whose().wireName());
    return of(
            429,
            "rate_limit_exceeded",
            "The limit of %d %s of %s is used up. Try again in %d seconds."
                .formatted(
                    refusal.most(), refusal.limit().words(), refusal.whose().words(), seconds))
        .withDetails(details)
        .withRetryAfter((int) Math.min(Integer.MAX_VALUE, seconds));
  }

  /** The body is not JSON. */
  public static Problem badJson(String message) {
    return of(400, "invalid_json", message);
  }

  /** The request is not what HTTP calls a request. */
  static Problem badRequest(int status, String message) {
    return of(status, status >= 500 ? "internal_error" : "invalid_request", message);
  }

  /** The server prepares its end. */
  public static Problem draining() {
    return of(503, "shutting_down", "The server is shutting down.").withRetryAfter(5);
  }

  /** The request took longer than any may. */
  static Problem tooLong(Duration limit) {
    return of(
        503,
        "deadline_exceeded",
        "The answer was ended after %d seconds. Ask for less at once, as with 'max_tokens'."
            .formatted(limit.toSeconds()));
  }

  static Problem unauthorized(Optional<Credential> given) {
    if (given.filter(Credential.Session.class::isInstance).isPresent()) {
      return of(401, "session_ended", "You are no longer signed in. Sign in again.");
    }
    String message =
        given.isPresent()
            ? "Incorrect API key provided."
            : "You didn't provide an API key. Send it as 'Authorization: Bearer KEY'.";
    return of(401, "invalid_api_key", message);
  }

  /** A page of our own would have said that it is one. */
  static Problem forgery(String why) {
    return of(403, "foreign_origin", why);
  }

  static Problem foreignHost(String host, String name) {
    return of(
        403,
        "foreign_host",
        "The host '%s' is not this server's. Call it by the address it listens on, or start it with --allowed-host %s."
            .formatted(Texts.abbreviated(host, 100), Texts.abbreviated(name, 100)));
  }

  static Problem foreignOrigin(String origin) {
    return of(
        403,
        "foreign_origin",
        "Web pages of '%1$s' may not use this server. To let them, start it with --allowed-origin %1$s."
            .formatted(Texts.abbreviated(origin, 100)));
  }

  static Problem foreignPage() {
    return of(
        403,
        "foreign_origin",
        "Other web pages may not use this server. To let one, start it with --allowed-origin and"
            + " the page's origin.");
  }

  static Problem notAllowed(Permission wanted) {
    String message =
        switch (wanted) {
          case OPEN, SEE -> "You may not see this.";
          case USE_MODELS -> "You may look at what is here, but not ask models.";
          case OWN_ACCOUNT -> "Accounts are changed by people who are signed in, not by keys.";
          case ADMINISTRATE -> "This key may use models, but not change the server.";
        };
    return of(403, "not_allowed", message);
  }

  static Problem notForKey() {
    return of(403, "not_allowed", "This key was made for other requests, and not for this one.");
  }

  static Problem unknownRoute(String method, String path, String suggestion) {
    String message = "Unknown request URL: %s %s. %s".formatted(method, path, suggestion);
    return of(404, "unknown_url", message.strip());
  }

  static Problem wrongMethod(String method, String path, String allowed) {
    return of(
        405,
        "method_not_supported",
        "%s is not supported for %s, only %s.".formatted(method, path, allowed));
  }

  static Problem wrongContentType() {
    return of(415, "unsupported_content_type", "Send JSON, with 'Content-Type: application/json'.");
  }

  static Problem wrongEncoding(String encoding) {
    return of(
        415,
        "unsupported_content_encoding",
        "'Content-Encoding: %s' is not supported. Send the body as it is, or packed with gzip."
            .formatted(Texts.abbreviated(encoding)));
  }

  static Problem tooLarge(long maxBytes) {
    return of(413, "request_too_large", "The body is longer than %d bytes.".formatted(maxBytes));
  }

  static Problem tooSlow() {
    return of(408, "request_timeout", "The body took too long to arrive.");
  }

  static Problem bodiesInFlight() {
    return of(
            503,
            "server_busy",
            "The bodies of other requests fill the memory that there is for them. Try again soon.")
        .withRetryAfter(2);
  }

  /**
   * A bug of ours.
   *
   * @param incident by which the log names it
   */
  static Problem internal(String incident) {
    return of(
        500, "internal_error", "Internal error. The server's log has it as " + incident + ".");
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  /** The parameter that is at fault. */
  public Optional<String> param() {
    return param;
  }

  /** Further members of the error, in order. */
  public Map<String, Object> details() {
    return details;
  }

  public OptionalInt retryAfterSeconds() {
    return retryAfterSeconds;
  }
}
