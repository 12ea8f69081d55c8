package io.solebox.server.http;

import java.util.Locale;
import java.util.Set;

/**
 * Refuses what another page makes a browser send, which adds its cookie by itself. That a cookie is
 * {@code SameSite} is not enough: other ports of one machine are the same site.
 */
final class Forgery {
  private static final Set<String> HARMLESS = Set.of("GET", "HEAD", "OPTIONS");

  private static final String BYTES = "application/octet-stream";

  private Forgery() {}

  /**
   * For a request that came with a cookie.
   *
   * @throws Problem 403, or 415 for a body that any form could send
   */
  static void refuse(Exchange exchange) {
    if (HARMLESS.contains(exchange.method())) {
      return;
    }
    String site = exchange.header("Sec-Fetch-Site").orElse("");
    boolean browserSays = site.equals("same-origin");
    // Browsers that do not say so send an Origin, which the gate has found to be ours or allowed.
    boolean originSays = site.isEmpty() && ownOrigin(exchange);
    if (!browserSays && !originSays) {
      throw Problem.forgery("Only pages of this server may do this for somebody who is signed in.");
    }
    String type = exchange.header("Content-Type").orElse("").toLowerCase(Locale.ROOT);
    boolean file = type.startsWith("multipart/form-data") || type.equals(BYTES);
    if (!type.isEmpty() && !type.startsWith("application/json") && !(file && browserSays)) {
      throw Problem.wrongContentType();
    }
  }

  private static boolean ownOrigin(Exchange exchange) {
    String host = exchange.calledHost().toLowerCase(Locale.ROOT);
    String scheme = exchange.peer().confidential() ? "https://" : "http://";
    String origin = exchange.header("Origin").orElse("").toLowerCase(Locale.ROOT);
    return !host.isEmpty() && origin.equals(scheme + host);
  }
}
