package io.solebox.server.http;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Stands before every route: refuses requests that a web page from elsewhere makes, and requests
 * without a key where keys are required. What no route opens is closed.
 *
 * @param callers who may use the server
 */
public record Gate(KnownHosts hosts, Origins origins, Callers callers) {
  private static final String BEARER = "Bearer ";

  private static final Pattern HEADER_NAMES =
      Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{0,2000}");

  /**
   * Lets callers in by where they come from, and tells browsers what their pages may see.
   *
   * @throws Problem 403
   */
  void checkOrigin(Exchange exchange, Permission permission) {
    String host = exchange.calledHost();
    boolean nameless = host.isEmpty() && exchange.peer().speaksHttp10(); // no browser speaks so
    if (!nameless && !isKnown(host, exchange)) {
      throw Problem.foreignHost(host, KnownHosts.nameOf(host));
    }
    Optional<String> origin = exchange.header("Origin");
    if (origin.isPresent() && origins.allows(origin.get())) {
      exchange.setHeader("Access-Control-Allow-Origin", origin.get());
      exchange.exposeHeaders();
      exchange.setHeader("Vary", "Origin");
      return;
    }
    boolean opaque = permission == Permission.OPEN && isOpaqueRead(exchange);
    if (origin.isPresent() && !opaque && !isOurs(origin.get(), host, exchange)) {
      throw Problem.foreignOrigin(origin.get());
    }
    // Browsers send no Origin with a plain GET, but they do say where it comes from.
    String site = exchange.header("Sec-Fetch-Site").orElse("none");
    boolean foreign = site.equals("cross-site") || site.equals("same-site");
    if (foreign && permission != Permission.OPEN) {
      throw Problem.foreignPage();
    }
  }

  /**
   * Whether a frame without an origin fetches a script or a picture. It cannot read what it gets,
   * and would get it from any other page without this header.
   */
  private static boolean isOpaqueRead(Exchange exchange) {
    return exchange.method().equals("GET")
        && exchange.header("Origin").equals(Optional.of("null"))
        && exchange.header("Sec-Fetch-Mode").equals(Optional.of("no-cors"));
  }

  /** A proxy has a port of its own; which name was called it tells only if it is trusted to. */
  private boolean isKnown(String host, Exchange exchange) {
    return exchange.peer().toldHost().isPresent()
        ? hosts.known(host)
        : hosts.accepts(host, exchange.peer().localPort());
  }

  /** Whether it is the origin of our own page, as the browser knows it. */
  private boolean isOurs(String origin, String host, Exchange exchange) {
    String lower = origin.toLowerCase(Locale.ROOT);
    String scheme = exchange.peer().confidential() ? "https://" : "http://";
    if (lower.equals(scheme + host.toLowerCase(Locale.ROOT))) {
      return true;
    }
    // A proxy may call us by another name than the browser calls it.
    return (lower.startsWith("https://") || lower.startsWith("http://"))
        && hosts.named(lower.substring(lower.indexOf("//") + 2));
  }

  /** Whether a browser asks what a page may do, before it does it. */
  static boolean isPreflight(Exchange exchange) {
    return exchange.method().equals("OPTIONS")
        && exchange.header("Origin").isPresent()
        && exchange.header("Access-Control-Request-Method").isPresent();
  }

  /** Whether pages of this request's origin, which passed, need to be told what they may do. */
  boolean isForeign(Exchange exchange) {
    return exchange.header("Origin").filter(origins::allows).isPresent();
  }

  /** Answers a browser's question: everything that a route takes, with any headers. */
  static void answerPreflight(Exchange exchange) {
    exchange.setHeader("Access-Control-Allow-Methods", "GET, HEAD, POST, PUT, PATCH, DELETE");
    exchange
        .header("Access-Control-Request-Headers")
        .filter(names -> HEADER_NAMES.matcher(names).matches())
        .ifPresent(names -> exchange.setHeader("Access-Control-Allow-Headers", names));
    if (exchange.header("Access-Control-Request-Private-Network").isPresent()) {
      exchange.setHeader("Access-Control-Allow-Private-Network", "true");
    }
    exchange.setHeader("Access-Control-Max-Age", "600");
    exchange.sendEmpty(204);
  }

  /**
   * Says who calls, and refuses who may not.
   *
   * @throws Problem 401 or 403
   */
  void checkPermission(Exchange exchange, Permission permission) {
    Optional<Caller> nameless = callers.nameless();
    if (nameless.isPresent()) {
      exchange.calledBy(nameless.get());
      return;
    }
    if (permission == Permission.OPEN) {
      return;
    }
    Optional<Credential> given = credential(exchange);
    Caller caller = given.flatMap(callers::find).orElseThrow(() -> callers.stranger(given));
    if (given.get() instanceof Credential.Session || isBrowsersCertificate(given.get(), exchange)) {
      Forgery.refuse(exchange);
    }
    exchange.calledBy(caller);
    if (!caller.rights().scope().covers(permission, exchange.path())) {
      throw Problem.notForKey();
    }
    if (!caller.rights().has(permission)) {
      throw Problem.notAllowed(permission);
    }
  }

  /** What a program sends goes before what a browser sends by itself. */
  static Optional<Credential> credential(Exchange exchange) {
    Optional<String> given = exchange.header("Authorization");
    if (given.isPresent()) {
      boolean bearer = given.get().regionMatches(true, 0, BEARER, 0, BEARER.length());
      String key = bearer ? given.get().substring(BEARER.length()).strip() : "";
      return Optional.of(new Credential.Key(key));
    }
    return exchange
        .header("X-Api-Key") // as Anthropic's clients send it
        .<Credential>map(Credential.Key::new)
        .or(() -> SessionCookie.of(exchange).map(Credential.Session::new))
        .or(() -> exchange.peer().certificate().map(Credential.Certificate::new));
  }

  /** Browsers show certificates as they send cookies, by themselves; programs say nothing of it. */
  private static boolean isBrowsersCertificate(Credential given, Exchange exchange) {
    return given instanceof Credential.Certificate
        && (exchange.hasHeader("Sec-Fetch-Site") || exchange.hasHeader("Origin"));
  }
}
