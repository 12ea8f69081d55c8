package io.solebox.scout.source;

import io.solebox.scout.watch.Watch;
import java.util.List;
import java.util.Optional;

/**
 * What is asked at one site.
 *
 * @param site as the source calls it: {@code EBAY_DE}, or the name of a feed
 * @param words as the source takes them; empty where it is read as a whole, as feeds are
 * @param watch whose other wishes the source may ask for, to be sent less; empty where it is asked
 *     once for all. Each watch looks at all that comes by itself
 */
public record Search(String site, String words, Optional<Watch> watch) {
  /**
   * The one search of a site that is read as a whole for all watches; none where no watch looks
   * there.
   */
  public static List<Search> ofWhole(String site, List<Watch> watches) {
    boolean wanted =
        watches.stream().anyMatch(each -> each.sites().isEmpty() || each.sites().contains(site));
    return wanted ? List.of(new Search(site, "", Optional.empty())) : List.of();
  }
}
