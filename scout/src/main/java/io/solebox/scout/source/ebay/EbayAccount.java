package io.solebox.scout.source.ebay;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * With which key eBay is asked for what. There is one key: a second one would get around its quota.
 *
 * @param api {@code https://api.ebay.com}, or the address of the sandbox
 * @param clientSecret which nothing shows
 * @param sites at least one; the first is where things are looked at again
 * @param callsPerDay which the owner allows; empty for as many as eBay does
 * @param country to which things are to come, where a watch says nothing: {@code DE}
 */
public record EbayAccount(
    URI api,
    String clientId,
    String clientSecret,
    List<EbaySite> sites,
    OptionalInt callsPerDay,
    Optional<String> country) {
  public EbayAccount {
    sites = List.copyOf(sites);
    if (sites.isEmpty()) {
      throw new IllegalArgumentException("no site");
    }
  }

  URI at(String path) {
    return URI.create(api.toString().replaceAll("/+$", "") + path);
  }

  @Override
  public String toString() {
    return "EbayAccount[" + clientId + " at " + api + "]";
  }
}
