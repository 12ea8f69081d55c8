package io.solebox.server.scout;

import java.util.OptionalInt;

/**
 * That nothing is told of something.
 *
 * @param hours for how long what happens is kept back, to be told then; empty where it is never
 *     told
 */
public record ScoutMute(Of of, OptionalInt hours) {
  /**
   * Of what.
   *
   * @param what {@code item}, {@code seller}, {@code card} or {@code watch}
   * @param which the {@code id} of a thing, the {@code seller_key} of one, the name of a card or of
   *     a watch
   */
  public record Of(String what, String which) {}
}
