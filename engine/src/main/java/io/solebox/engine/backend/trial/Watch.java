package io.solebox.engine.backend.trial;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * Follows a trial, and can stop it. Both are called from threads that do the trial.
 *
 * @param samples taken as they come, in their order; it should be quick, since the device may wait
 * @param stopped asked several times a second; once it is true the trial ends with what it has
 */
public record Watch<S>(Consumer<S> samples, BooleanSupplier stopped) {
  /** For callers that only want the result. */
  public static <S> Watch<S> none() {
    return new Watch<>(_ -> {}, () -> false);
  }
}
