package io.solebox.store.pull.http;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One request.
 *
 * @param method {@code GET}, {@code HEAD}, {@code POST} or {@code PUT}
 * @param headers further ones; {@code Accept-Encoding: identity} is always sent
 * @param secret for this host alone; see {@link #redirected}
 * @param body for this host alone, too
 */
public record Ask(
    String method,
    URI uri,
    Map<String, String> headers,
    Optional<Secret> secret,
    Optional<Body> body) {
  /**
   * What is sent.
   *
   * @param type as in {@code application/json}
   */
  public record Body(String type, byte[] bytes) {}

  public Ask {
    headers = Map.copyOf(headers);
  }

  public static Ask get(URI uri) {
    return new Ask("GET", uri, Map.of(), Optional.empty(), Optional.empty());
  }

  public static Ask head(URI uri) {
    return new Ask("HEAD", uri, Map.of(), Optional.empty(), Optional.empty());
  }

  public static Ask post(URI uri, Body body) {
    return new Ask("POST", uri, Map.of(), Optional.empty(), Optional.of(body));
  }

  public static Ask put(URI uri, Body body) {
    return new Ask("PUT", uri, Map.of(), Optional.empty(), Optional.of(body));
  }

  public Ask with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new Ask(method, uri, more, secret, body);
  }

  public Ask with(Optional<Secret> other) {
    return new Ask(method, uri, headers, other, body);
  }

  /** The same of another address: the secret is for the host that it was given to. */
  public Ask redirected(URI target) {
    return sameHost(uri, target)
        ? new Ask(method, target, headers, secret, body)
        : new Ask(method, target, headers, Optional.empty(), Optional.empty());
  }

  /** Whether two addresses are of one server: host and port. */
  public static boolean sameHost(URI a, URI b) {
    return String.valueOf(a.getHost()).equalsIgnoreCase(b.getHost()) && port(a) == port(b);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "http".equalsIgnoreCase(uri.getScheme()) ? 80 : 443;
  }

  /** The address as messages may show it: queries of signed addresses are secrets. */
  public static String shown(URI uri) {
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    return uri.getScheme() + "://" + uri.getHost() + port + uri.getRawPath();
  }
}
