package io.solebox.server.storage;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * What was kept for long enough, by whose it is.
 *
 * @param now seconds since 1970
 * @param server how long things are kept at most; empty where they stay
 * @param keeping how long those of an owner are kept at most
 */
public record Deadlines(long now, Optional<Duration> server, Keeping keeping) {
  /**
   * What is older than that goes; seconds since 1970. Empty where only that goes which was given a
   * time of its own.
   */
  public OptionalLong before(String owner) {
    return Stream.concat(server.stream(), keeping.of(owner).stream())
        .mapToLong(time -> time.isZero() ? now + 1 : now - time.toSeconds())
        .max();
  }
}
