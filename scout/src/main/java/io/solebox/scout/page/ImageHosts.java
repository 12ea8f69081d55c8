package io.solebox.scout.page;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * From where pictures may be fetched: hosts that a market itself shows them from, and never one
 * that a seller has named.
 *
 * @param hosts by the names of markets; a host stands for all below it
 */
public record ImageHosts(Map<String, Set<String>> hosts) {
  /** Those of eBay. */
  public static final ImageHosts EBAY = new ImageHosts(Map.of("ebay", Set.of("ebayimg.com")));

  private static final int HTTPS = 443;

  public ImageHosts {
    hosts = Map.copyOf(hosts);
  }

  /** The same with the host of an address, as that of a feed, which its owner has named. */
  public ImageHosts with(String market, URI address) {
    Map<String, Set<String>> more = new LinkedHashMap<>(hosts);
    Set<String> known = new TreeSet<>(more.getOrDefault(market, Set.of()));
    known.add(address.getHost().toLowerCase(Locale.ROOT));
    more.put(market, known);
    return new ImageHosts(more);
  }

  boolean allows(String market, URI picture) {
    if (!"https".equalsIgnoreCase(picture.getScheme())
        || picture.getHost() == null
        || picture.getRawUserInfo() != null
        || (picture.getPort() >= 0 && picture.getPort() != HTTPS)) {
      return false;
    }
    String host = picture.getHost().toLowerCase(Locale.ROOT);
    return hosts.getOrDefault(market, Set.of()).stream()
        .anyMatch(known -> host.equals(known) || host.endsWith("." + known));
  }
}
