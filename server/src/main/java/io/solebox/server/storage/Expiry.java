package io.solebox.server.storage;

import io.solebox.engine.error.SoleboxException;
import java.util.Map;
import java.util.function.Consumer;

/** Deletes what was kept for long enough. */
@FunctionalInterface
public interface Expiry {
  /**
   * @param deadlines what is older goes, unless something younger needs it
   * @param troubles hears of each that cannot go; the others go all the same
   * @return how many went, by what they are, as in {@code responses}
   */
  Map<String, Integer> expire(Deadlines deadlines, Consumer<SoleboxException> troubles);
}
