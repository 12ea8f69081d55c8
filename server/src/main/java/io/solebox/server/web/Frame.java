package io.solebox.server.web;

import io.solebox.server.http.Exchange;
import io.solebox.server.http.Method;
import io.solebox.server.http.Permission;
import io.solebox.server.http.Route;
import io.solebox.server.http.RouteLimits;

/**
 * Pages of frames that may do what pages of ours forbid, and so run apart from them: with no
 * origin, no storage and no network, told what to do by messages.
 */
enum Frame {
  /** Draws diagrams: what draws them sets styles where they stand. */
  DIAGRAM("diagram", "", "style-src 'unsafe-inline'; img-src data:; font-src data:; "),

  /** Runs what models have written, in a worker that it makes of a text. */
  SCRIPT("script", " 'unsafe-eval'", "worker-src blob:; ");

  private final String name;
  private final String alsoScripts;
  private final String more;

  Frame(String name, String alsoScripts, String more) {
    this.name = name;
    this.alsoScripts = alsoScripts;
    this.more = more;
  }

  Route route() {
    return new Route(
        Method.GET, "/frame/" + name, Permission.OPEN, RouteLimits.NO_BODY, this::send);
  }

  private void send(Exchange exchange) {
    // It has no origin of its own, so that of its scripts is told by name.
    String origin =
        (exchange.peer().confidential() ? "https://" : "http://") + exchange.calledHost();
    exchange.setPageHeaders();
    exchange.setHeader(
        "Content-Security-Policy",
        "sandbox allow-scripts; default-src 'none'; script-src "
            + origin
            + WebPage.FILES
            + alsoScripts
            + "; "
            + more
            + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'");
    exchange.setHeader("X-Frame-Options", "SAMEORIGIN");
    WebPage.html("frame/" + name + ".html").send(exchange);
  }
}
