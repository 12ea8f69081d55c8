package io.solebox.server.http;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The origins whose pages and programs the owner lets in
 * (https://fetch.spec.whatwg.org/#http-cors-protocol).
 *
 * @param any whether all are
 */
public record Origins(Set<String> allowed, boolean any) {
  private static final String ANY = "*";

  /**
   * @param origins as browsers send them, {@code null} among them; {@code *} for all
   */
  public static Origins of(List<String> origins) {
    return new Origins(
        origins.stream().map(Origins::normal).collect(Collectors.toSet()), origins.contains(ANY));
  }

  boolean allows(String origin) {
    return any || allowed.contains(normal(origin));
  }

  private static String normal(String origin) {
    String lower = origin.strip().toLowerCase(Locale.ROOT);
    String bare = lower.endsWith("/") ? lower.substring(0, lower.length() - 1) : lower;
    // Browsers leave the usual port out.
    if (bare.startsWith("http://") && bare.endsWith(":80")) {
      return bare.substring(0, bare.length() - 3);
    }
    return bare.startsWith("https://") && bare.endsWith(":443")
        ? bare.substring(0, bare.length() - 4)
        : bare;
  }
}
