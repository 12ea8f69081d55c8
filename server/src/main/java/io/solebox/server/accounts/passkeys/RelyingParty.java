package io.solebox.server.accounts.passkeys;

import io.solebox.server.http.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * This box as browsers know it. A passkey belongs to the name by which the box was called when it
 * was made, and works under no other (https://www.w3.org/TR/webauthn-3/#relying-party-identifier).
 *
 * @param id the name, without port
 * @param origin of its pages
 */
public record RelyingParty(String id, String origin) {
  private static final String LOCAL = "localhost";
  private static final Pattern ADDRESS = Pattern.compile("\\[.*]|[0-9.]+|.*:.*");

  /**
   * The one that a request called. Browsers allow passkeys under https and, on this machine alone,
   * under plain http, so these are the only origins that there can be.
   *
   * @param host as in the header {@code Host}
   * @param https whether the browser speaks TLS, to us or to a proxy in front of us
   * @throws Problem 400 where passkeys cannot work
   */
  public static RelyingParty called(String host, boolean https) {
    String lower = host.toLowerCase(Locale.ROOT);
    int colon = lower.lastIndexOf(':');
    String name = colon > lower.lastIndexOf(']') ? lower.substring(0, colon) : lower;
    if (ADDRESS.matcher(name).matches() || name.isEmpty()) {
      throw Problem.of(
          400,
          "passkeys_need_a_name",
          "Passkeys belong to a name, and this page was opened by an address. Open it by the box's"
              + " name, or on this machine as http://localhost.");
    }
    boolean local = name.equals(LOCAL) || name.endsWith("." + LOCAL);
    if (!https && !local) {
      throw Problem.of(
          400,
          "passkeys_need_https",
          "Passkeys work under https alone. Start the server with --tls, or put a proxy that speaks"
              + " TLS in front of it.");
    }
    return new RelyingParty(name, (https ? "https://" : "http://") + lower);
  }
}
