package io.solebox.scout.source.feed;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a document of RSS or Atom says; texts are as in it, markup and all.
 *
 * @param link to what it is a feed of
 * @param rest from one time that it is asked to the next, as it wishes
 * @param skipHours of UTC in which it wants not to be asked
 * @param faults what was wrong with it, in words; what came before counts
 */
record FeedPage(
    List<Entry> entries,
    Optional<String> link,
    Optional<Duration> rest,
    Set<Integer> skipHours,
    List<String> faults) {
  FeedPage {
    entries = List.copyOf(entries);
    skipHours = Set.copyOf(skipHours);
    faults = List.copyOf(faults);
  }

  /**
   * One post. What is not there is empty.
   *
   * @param id that it keeps
   * @param price of a field for it, which few have
   */
  record Entry(
      String id,
      String title,
      String link,
      String body,
      String price,
      String image,
      Optional<Instant> published) {}
}
