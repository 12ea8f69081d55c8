package io.solebox.server.web;

import io.solebox.server.http.Exchange;

/**
 * The page of a frame in which diagrams are drawn. What draws them sets styles where they stand,
 * which pages of ours forbid; so it runs apart from them, with no origin, no storage and no
 * network, and is told texts by messages.
 */
final class DrawingFrame {
  static final String PATH = "/frame/diagram";

  private DrawingFrame() {}

  static void send(Exchange exchange) {
    // It has no origin of its own, so that of its scripts is told by name.
    String origin =
        (exchange.peer().confidential() ? "https://" : "http://") + exchange.calledHost();
    exchange.setPageHeaders();
    exchange.setHeader(
        "Content-Security-Policy",
        "sandbox allow-scripts; default-src 'none'; script-src "
            + origin
            + "; style-src 'unsafe-inline'; img-src data:; font-src data:; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'self'");
    exchange.setHeader("X-Frame-Options", "SAMEORIGIN");
    WebPage.html("frame/diagram.html").send(exchange);
  }
}
