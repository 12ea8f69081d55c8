package io.solebox.engine.generation;

import io.solebox.engine.error.ErrorCode;
import io.solebox.engine.error.SoleboxException;

/**
 * What an answer does when its context is full, instead of ending: some ids behind the first ones
 * are dropped, and it goes on as if all others were its prompt. These are computed again, which is
 * exact for every model; a cache whose positions are moved is not, and not every model has one.
 *
 * @param window ids of prompt and answer at which ids are dropped
 * @param keep first ids of the prompt that stay
 * @param discard ids that are dropped at a time
 */
public record ContextShift(int window, int keep, int discard) {
  public ContextShift {
    if (keep < 0 || discard < 1 || keep + (long) discard >= window) {
      throw new SoleboxException(
          ErrorCode.INVALID_PARAMETER,
          "context_shift",
          "Of a window of %d tokens %d are kept, and %d cannot be dropped of the others."
              .formatted(window, keep, discard),
          "Keep or drop fewer, and at least one must be left beside them.");
    }
  }

  /** Drops half of what may be dropped, as most do. */
  public static ContextShift half(int window, int keep) {
    return new ContextShift(window, keep, Math.max(1, (window - keep) / 2));
  }
}
