package io.solebox.server.storage;

import io.solebox.engine.error.SoleboxException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.Consumer;

/** Deletes what was kept for long enough. */
@FunctionalInterface
public interface Expiry {
  /**
   * @param before seconds since 1970: what is older goes, unless something younger needs it; empty
   *     where only that goes which was given a time of its own
   * @param troubles hears of each that cannot go; the others go all the same
   * @return how many went, by what they are, as in {@code responses}
   */
  Map<String, Integer> expire(OptionalLong before, Consumer<SoleboxException> troubles);
}
