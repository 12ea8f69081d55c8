package io.solebox.scout.settings;

import io.solebox.scout.source.feed.Feed;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * One feed.
 *
 * @param every from one time that it is asked to the next, unless it asks for more
 * @param currency of amounts that name none
 * @param country where its things lie
 */
public record FeedSettings(
    String name,
    Address address,
    Duration every,
    Optional<String> currency,
    Optional<String> country) {
  /**
   * With its address.
   *
   * @param variables of the environment
   * @throws io.solebox.engine.error.SoleboxException if the address is a secret that is not there
   */
  public Feed feed(Map<String, String> variables) {
    return new Feed(name, address.read(variables), every, currency, country);
  }
}
