package io.solebox.server.http;

import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.Method;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.solebox.server.error.ApiError;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Stands before every route: refuses requests that a web page from elsewhere makes, requests
 * without a key where keys are required, and new requests during a shutdown.
 *
 * @param isKey empty where no key is required
 */
record Gate(KnownHosts hosts, Optional<Predicate<String>> isKey, InFlight inFlight)
    implements Filter {
  /** What a browser or a probe needs before anybody can enter a key. */
  private static final Set<String> OPEN_PATHS = Set.of("/health", "/", "/app.js", "/app.css");

  private static final HeaderName SEC_FETCH_SITE = HeaderNames.create("sec-fetch-site");
  private static final String BEARER = "Bearer ";

  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    checkCaller(request);
    if (request.path().path().equals("/health")) {
      chain.proceed(); // tells that the server drains
      return;
    }
    checkKey(request);
    inFlight.run(chain::proceed);
  }

  private void checkCaller(RoutingRequest request) {
    String host = single(request, HeaderNames.HOST).orElse("");
    if (!hosts.accepts(host, request.localPeer().port())) {
      throw ApiError.forbidden(
          "foreign_host",
          "The host '%s' is not this server's. Call it by the address it listens on."
              .formatted(host));
    }
    Optional<String> origin = single(request, HeaderNames.ORIGIN);
    if (origin.isPresent() && !origin.get().equalsIgnoreCase("http://" + host)) {
      throw ApiError.forbidden(
          "foreign_origin", "Web pages of '%s' may not use this server.".formatted(origin.get()));
    }
    // Browsers send no Origin with a plain GET, but they do say where it comes from.
    String site = single(request, SEC_FETCH_SITE).orElse("none");
    boolean foreign = site.equals("cross-site") || site.equals("same-site");
    if (foreign && request.path().path().startsWith("/v1/")) {
      throw ApiError.forbidden("foreign_origin", "Other web pages may not use this server.");
    }
    if (request.prologue().method().equals(Method.OPTIONS)) {
      throw ApiError.wrongMethod("OPTIONS", request.path().path());
    }
  }

  private void checkKey(RoutingRequest request) {
    if (isKey.isEmpty() || OPEN_PATHS.contains(request.path().path())) {
      return;
    }
    Optional<String> given = single(request, HeaderNames.AUTHORIZATION);
    boolean known =
        given
            .filter(value -> value.regionMatches(true, 0, BEARER, 0, BEARER.length()))
            .map(value -> value.substring(BEARER.length()).strip())
            .filter(isKey.get())
            .isPresent();
    if (!known) {
      throw ApiError.unauthorized(given.isPresent());
    }
  }

  private static Optional<String> single(RoutingRequest request, HeaderName name) {
    List<String> values = request.headers().values(name);
    if (values.size() > 1) {
      throw ApiError.badRequest(400, "The header " + name.defaultCase() + " appears twice.");
    }
    return values.stream().findFirst();
  }
}
