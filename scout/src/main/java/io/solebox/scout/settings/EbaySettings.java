package io.solebox.scout.settings;

import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;

/**
 * How eBay is asked.
 *
 * @param api the address of its interface, or of its sandbox
 * @param clientId of the owner's key, which is no secret
 * @param sites as eBay calls them: {@code EBAY_DE}
 * @param callsPerDay which the owner allows; empty for all that eBay does
 * @param notices empty where the owner has opted out of them at eBay
 */
public record EbaySettings(
    URI api,
    String clientId,
    SecretPlace clientSecret,
    Set<String> sites,
    OptionalInt callsPerDay,
    Optional<Notices> notices) {
  public static final URI API = URI.create("https://api.ebay.com");

  /** All that the Browse API has: eBay, supported marketplaces. */
  public static final List<String> SITES =
      Stream.of(
              "AT", "AU", "BE", "CA", "CH", "DE", "ES", "FR", "GB", "HK", "IE", "IT", "NL", "PL",
              "SG", "US")
          .map(country -> "EBAY_" + country)
          .toList();

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
