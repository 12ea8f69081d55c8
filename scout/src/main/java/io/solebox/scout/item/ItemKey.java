package io.solebox.scout.item;

/**
 * One thing that is for sale, however many pages show it: sites of one market in several countries
 * show it under one key.
 *
 * @param market whose keys these are: {@code ebay}, or the name of a feed
 * @param id of the market, where possible of all its sites ({@code legacyItemId} of eBay)
 * @param variation of an item that comes in several; empty where there is but one
 */
public record ItemKey(String market, String id, String variation) {
  /** Of an item that comes in no variations. */
  public ItemKey(String market, String id) {
    this(market, id, "");
  }
}
