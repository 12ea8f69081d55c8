package io.solebox.scout.source;

import io.solebox.scout.watch.Watch;

/**
 * What is asked at one site.
 *
 * @param site as the source calls it: {@code EBAY_DE}, or the name of a feed
 * @param words as the source takes them; empty where it is read as a whole, as feeds are
 * @param watch whose other wishes the source may ask for, to be sent less; the watch looks at all
 *     that comes by itself
 */
public record Search(String site, String words, Watch watch) {
  /** By which it is remembered when it was asked. */
  public String key() {
    return site + "\n" + words + "\n" + watch.name();
  }
}
