package io.solebox.scout.source.feed;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * One feed to read.
 *
 * @param name of its site, and of the market whose keys its things have
 * @param address which may be a secret
 * @param every from one time that it is asked to the next, unless it asks for more
 * @param currency of amounts that name none
 * @param country where its things lie
 */
public record Feed(
    String name, URI address, Duration every, Optional<String> currency, Optional<String> country) {

  /** Without the address, which may be a secret. */
  @Override
  public String toString() {
    return "Feed[" + name + "]";
  }
}
