package io.solebox.scout.settings;

import java.time.Duration;
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
    Optional<String> country) {}
