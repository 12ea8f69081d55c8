package io.solebox.server.storage;

import io.solebox.server.http.Problem;
import io.solebox.server.params.Params;
import java.time.Duration;
import java.util.Optional;

/** How long what somebody stores is kept, where that is not left to the server. */
@FunctionalInterface
public interface Keeping {
  /** As long as the server keeps things. */
  Keeping AS_THE_SERVER = _ -> Optional.empty();

  /**
   * @return zero for nothing at all; empty for as long as the server keeps things
   */
  Optional<Duration> of(String owner);

  /** Whether anything of theirs is kept. */
  default boolean keeps(String owner) {
    return of(owner).filter(Duration::isZero).isEmpty();
  }

  /** What whoever wants something stored hears where nothing is kept for them. */
  static Problem off(String param) {
    return Params.unsupported(param, "For your group this server keeps nothing.");
  }
}
