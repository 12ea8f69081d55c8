package io.solebox.scout.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a watch may call the places where it looks. */
final class SiteNames {
  private SiteNames() {}

  /**
   * @param named whether the file has a section of eBay at all, sound or not
   */
  static List<String> of(
      boolean named,
      Optional<EbaySettings> ebay,
      List<FeedSettings> feeds,
      List<ShopSettings> shops) {
    var names = new ArrayList<String>();
    ebay.ifPresentOrElse(
        it -> it.sites().stream().map(Enum::name).sorted().forEach(names::add),
        () -> names.addAll(named ? SourceReader.EBAY_SITES : List.of()));
    feeds.forEach(each -> names.add(each.name()));
    shops.forEach(each -> names.add(each.name()));
    return names;
  }
}
