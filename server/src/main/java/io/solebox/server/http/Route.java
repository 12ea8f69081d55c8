package io.solebox.server.http;

import java.util.Objects;
import java.util.Optional;

/**
 * One method at one path, who may call it, and what answers.
 *
 * @param path as in {@code /v1/models}; a segment in braces, as in {@code /v1/files/{id}}, stands
 *     for any, with what is behind the braces at its end, as in {@code /shared/{id}.json}, and
 *     {@code {name*}} at the end for the rest of the path
 * @param header that a request must have to be meant for this route, where two APIs have the same
 *     path; the route goes before the one for all others
 */
public record Route(
    Method method,
    String path,
    Permission permission,
    RouteLimits limits,
    Handler handler,
    Optional<String> header) {
  /** Answers a request. It may throw a {@link Problem} as long as no answer has begun. */
  @FunctionalInterface
  public interface Handler {
    void handle(Exchange exchange) throws InterruptedException;
  }

  public Route {
    Objects.requireNonNull(permission);
  }

  /** One for all requests to its path. */
  public Route(
      Method method, String path, Permission permission, RouteLimits limits, Handler handler) {
    this(method, path, permission, limits, handler, Optional.empty());
  }

  /** The same for requests with a header alone. */
  public Route onlyWith(String name) {
    return new Route(method, path, permission, limits, handler, Optional.of(name));
  }
}
