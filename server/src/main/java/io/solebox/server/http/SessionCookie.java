package io.solebox.server.http;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/**
 * The cookie that holds a browser's session. Over TLS its name has the prefix with which browsers
 * hold it to this host, all of it, and TLS; on this machine itself, without TLS, it has not.
 */
public final class SessionCookie {
  private static final String SAFE = "__Host-solebox";
  private static final String LOCAL = "solebox";

  private SessionCookie() {}

  /** The token that a request brings. */
  public static Optional<String> of(Exchange exchange) {
    if (!mayHave(exchange)) {
      return Optional.empty();
    }
    String prefix = name(exchange) + "=";
    return exchange.header("Cookie").stream()
        .flatMap(header -> Arrays.stream(header.split(";")))
        .map(String::strip)
        .filter(pair -> pair.startsWith(prefix))
        .map(pair -> pair.substring(prefix.length()))
        .findFirst();
  }

  private static String name(Exchange exchange) {
    return exchange.peer().confidential() ? SAFE : LOCAL;
  }

  private static boolean mayHave(Exchange exchange) {
    return exchange.peer().confidential() || exchange.peer().onLoopback();
  }

  /**
   * Refuses passwords and sessions on a connection that others can read.
   *
   * @throws Problem 403
   */
  public static void requireSafe(Exchange exchange) {
    if (!mayHave(exchange)) {
      throw Problem.of(
          403,
          "tls_required",
          "Passwords are for encrypted connections alone. Start the server with --tls, or put a"
              + " proxy with TLS before it.");
    }
  }

  /**
   * Gives it to the browser.
   *
   * @param life how long the browser is to keep it
   */
  public static void give(Exchange exchange, String token, Duration life) {
    set(exchange, token, life);
  }

  /** Takes it away. */
  public static void take(Exchange exchange) {
    set(exchange, "", Duration.ZERO);
  }

  private static void set(Exchange exchange, String value, Duration life) {
    exchange.setHeader(
        "Set-Cookie",
        "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s"
            .formatted(
                name(exchange),
                value,
                life.toSeconds(),
                exchange.peer().confidential() ? "; Secure" : ""));
  }
}
