package io.solebox.scout.source.ebay;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * The sites that the Browse API knows, all of them (eBay: Browse API, marketplaces that are
 * supported). A name is what the header {@code X-EBAY-C-MARKETPLACE-ID} says.
 */
public enum EbaySite {
  EBAY_AT("EUR", "ebay.at"),
  EBAY_AU("AUD", "ebay.com.au"),
  EBAY_BE("EUR", "ebay.be"),
  EBAY_CA("CAD", "ebay.ca"),
  EBAY_CH("CHF", "ebay.ch"),
  EBAY_DE("EUR", "ebay.de"),
  EBAY_ES("EUR", "ebay.es"),
  EBAY_FR("EUR", "ebay.fr"),
  EBAY_GB("GBP", "ebay.co.uk"),
  EBAY_HK("HKD", "ebay.com.hk"),
  EBAY_IE("EUR", "ebay.ie"),
  EBAY_IT("EUR", "ebay.it"),
  EBAY_NL("EUR", "ebay.nl"),
  EBAY_PL("PLN", "ebay.pl"),
  EBAY_SG("SGD", "ebay.com.sg"),
  EBAY_US("USD", "ebay.com");

  private final String currency;
  private final String host;

  EbaySite(String currency, String host) {
    this.currency = currency;
    this.host = host;
  }

  /** In which it shows prices, whatever the seller's is. */
  public String currency() {
    return currency;
  }

  /** Of its pages, without {@code www}. */
  public String host() {
    return host;
  }

  /** By its whole name, or what follows {@code EBAY_}; in either case. */
  public static Optional<EbaySite> of(String name) {
    String whole = name.toUpperCase(Locale.ROOT);
    return Arrays.stream(values())
        .filter(site -> site.name().equals(whole) || site.name().equals("EBAY_" + whole))
        .findFirst();
  }
}
