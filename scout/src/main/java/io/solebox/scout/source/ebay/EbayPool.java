package io.solebox.scout.source.ebay;

/** What eBay counts together, each for one day that ends at midnight in California. */
public enum EbayPool {
  /** Searches, and things asked for one by one (eBay: API call limits, Browse API). */
  BROWSE("buy.browse", 5000),
  /** Things asked for by twenties; the same page. */
  ITEMS("buy.browse.item.bulk", 5000),
  /** Tokens minted by client credentials (eBay: OAuth rate limits). */
  TOKENS("token", 1000);

  private final String key;
  private final int usual;

  EbayPool(String key, int usual) {
    this.key = key;
    this.usual = usual;
  }

  /** As eBay calls it where it tells of limits. */
  public String key() {
    return key;
  }

  /** Calls a day that a key has where eBay says nothing else. */
  int usual() {
    return usual;
  }
}
