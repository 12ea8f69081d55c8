package io.solebox.server.http;

import java.util.Map;

/**
 * Headers that every answer has, so that a browser makes nothing of it but what it is (OWASP ASVS
 * 5.0, 3.4). What answers a program shows no page and is nobody's to keep.
 */
final class SafeHeaders {
  /** For answers that are no page. */
  private static final String NO_PAGE =
      "default-src 'none'; base-uri 'none'; frame-ancestors 'none'";

  /**
   * For pages: their scripts, styles and requests are this server's own, none stands in the page
   * itself, and nothing makes markup of text but what is named.
   */
  static final String PAGE =
      "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none';"
          + " form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script';"
          + " trusted-types lit-html solebox";

  private static final Map<String, String> ALWAYS =
      Map.of(
          "Content-Security-Policy", NO_PAGE,
          "X-Content-Type-Options", "nosniff",
          "X-Frame-Options", "DENY",
          "Referrer-Policy", "no-referrer",
          "Permissions-Policy",
              "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(),"
                  + " hid=(), magnetometer=(), microphone=(), midi=(), payment=(), serial=(),"
                  + " usb=(), xr-spatial-tracking=()",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Cache-Control", "no-store");

  private SafeHeaders() {}

  /** Those of every answer, for one that no exchange makes. */
  static Map<String, String> always() {
    return ALWAYS;
  }

  /** Sets those of every answer; who answers may set others in their place. */
  static void put(Exchange exchange) {
    ALWAYS.forEach(exchange::setHeader);
    if (exchange.peer().confidential()) {
      // Without encryption browsers pass over it, and complain.
      exchange.setHeader("Cross-Origin-Opener-Policy", "same-origin");
    }
  }
}
