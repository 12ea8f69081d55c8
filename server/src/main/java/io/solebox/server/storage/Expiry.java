package io.solebox.server.storage;

import java.util.Map;
import java.util.OptionalLong;

/** Deletes what was kept for long enough. */
@FunctionalInterface
public interface Expiry {
  /**
   * @param before seconds since 1970: what is older goes, unless something younger needs it; empty
   *     where only that goes which was given a time of its own
   * @return how many went, by what they are, as in {@code responses}
   */
  Map<String, Integer> expire(OptionalLong before);
}
