package io.solebox.server.http;

/**
 * What a route takes.
 *
 * @param maxBodyBytes longest body, unpacked; 0 for a route that reads none
 * @param whileDraining whether it is answered while the server prepares its end
 */
public record RouteLimits(long maxBodyBytes, boolean whileDraining) {
  /** For routes that read no body. */
  public static final RouteLimits NO_BODY = new RouteLimits(0, false);

  public static RouteLimits body(int maxBytes) {
    return new RouteLimits(maxBytes, false);
  }

  /** For files that go to disk as they come, and may be as long as that has room. */
  public static RouteLimits file() {
    return new RouteLimits(Long.MAX_VALUE, false);
  }

  public RouteLimits alsoWhileDraining() {
    return new RouteLimits(maxBodyBytes, true);
  }
}
