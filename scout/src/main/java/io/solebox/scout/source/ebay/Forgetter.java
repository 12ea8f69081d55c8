package io.solebox.scout.source.ebay;

/** Whoever keeps something of sellers. */
@FunctionalInterface
public interface Forgetter {
  /**
   * Deletes all that is kept of a seller, for good; that there is nothing is no error.
   *
   * @param sellerKey as of {@link SellerKeys}
   */
  void forget(String sellerKey);
}
