package io.solebox.server.chats.run;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Looks up what an answer is to be based on. */
@FunctionalInterface
public interface Sources {
  /** For an answer that is based on nothing. */
  Sources NONE = () -> Optional.empty();

  /**
   * Looks it up.
   *
   * @return passages as messages tell them, the best first: {@code n}, {@code filename}, {@code
   *     text}, where they stand; empty where nothing is to be looked up
   */
  Optional<List<Map<String, Object>>> find() throws InterruptedException;
}
