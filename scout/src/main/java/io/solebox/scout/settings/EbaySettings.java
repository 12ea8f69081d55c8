package io.solebox.scout.settings;

import io.solebox.scout.source.ebay.EbaySite;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * How eBay is asked.
 *
 * @param api the address of its interface, or of its sandbox
 * @param clientId of the owner's key, which is no secret
 * @param sites that are switched on
 * @param callsPerDay which the owner allows; empty for all that eBay does
 * @param notices empty where the owner has opted out of them at eBay
 */
public record EbaySettings(
    URI api,
    String clientId,
    SecretPlace clientSecret,
    Set<EbaySite> sites,
    OptionalInt callsPerDay,
    Optional<Notices> notices) {
  public static final URI API = URI.create("https://api.ebay.com");

  public EbaySettings {
    sites = Set.copyOf(sites);
  }

  /**
   * Where eBay tells that an account was deleted.
   *
   * @param endpoint the public address, as eBay was told it
   * @param listen where this process waits for it, behind what ends TLS
   * @param token which eBay was told, too
   */
  public record Notices(URI endpoint, InetSocketAddress listen, SecretPlace token) {}
}
