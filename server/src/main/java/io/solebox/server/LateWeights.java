package io.solebox.server;

import io.solebox.engine.generation.UserWeights;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Weights of users for models that are loaded by a server which is not there yet when it is said
 * how to load them. Safe for many threads.
 */
final class LateWeights {
  private final AtomicReference<Optional<UserWeights>> later =
      new AtomicReference<>(Optional.empty());

  /** Those of the server that runs with it. */
  void are(UserWeights weights) {
    later.set(Optional.of(weights));
  }

  /**
   * Asks them each time.
   *
   * @param before what counts until then
   */
  UserWeights or(UserWeights before) {
    return user -> later.get().orElse(before).weight(user);
  }
}
