package io.solebox.scout.settings;

import io.solebox.scout.watch.Watch;
import java.util.List;
import java.util.Optional;

/**
 * All that the owner of a scout says of it, in the file {@value #FILE}.
 *
 * @param ebay empty where eBay is not asked
 */
public record ScoutSettings(
    General general,
    Optional<EbaySettings> ebay,
    List<FeedSettings> feeds,
    List<ShopSettings> shops,
    List<ChannelSettings> channels,
    List<Watch> watches) {
  /** By which the file goes in the folder of the data. */
  public static final String FILE = "scout.toml";

  public ScoutSettings {
    feeds = List.copyOf(feeds);
    shops = List.copyOf(shops);
    channels = List.copyOf(channels);
    watches = List.copyOf(watches);
  }
}
